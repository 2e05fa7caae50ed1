//! What the host says of the folder, and what it has to do there.

use super::Client;
use crate::{
    delivery::{SpoolCommand, SpoolId},
    time::Timestamp,
};

impl Client {
    /// Takes it that an envelope is on disk, or could not be written; then it leaves from memory alone.
    pub fn handle_stored(&mut self, id: SpoolId, is_stored: bool) {
        self.outbox.store(self.settings.ledger(), id.0, is_stored);
        self.shed();
    }

    /// Takes an envelope that is about to leave, from disk; `None` where it is not there any more.
    pub fn handle_loaded(&mut self, id: SpoolId, bytes: Option<&[u8]>) {
        self.outbox.bring_back(self.settings.ledger(), id.0, bytes);
        self.shed();
    }

    /// Takes it that an envelope could not be read and is still on disk: it is asked for again, after a while.
    pub fn handle_unread(&mut self, now: Timestamp, id: SpoolId) {
        let now = self.clock.read(now);
        self.outbox.put_off(now, id.0);
    }

    /// Takes it that an envelope had to go from disk, for room or because of its age.
    pub fn handle_evicted(&mut self, id: SpoolId) {
        self.outbox.evict(self.settings.ledger(), id.0);
    }

    /// Takes it that so many spans had to go that a dead process left for another destination: this one is not told.
    pub fn handle_foreign_evicted(&mut self, spans: usize) {
        self.settings.ledger().lose_foreign(spans);
    }

    /// Takes an envelope that a dead process left on disk, and gives it a name.
    pub fn handle_found(&mut self, spans: usize) -> SpoolId {
        self.outbox.find(self.settings.ledger(), spans)
    }

    /// The next thing to do with the folder; `None` when there is none now, and always without a spool.
    pub fn poll_spool(&mut self) -> Option<SpoolCommand> {
        self.outbox.poll_spool()
    }

    /// The same, without what has to be written: for whoever must not wait so long.
    pub fn poll_spool_quick(&mut self) -> Option<SpoolCommand> {
        self.outbox.poll_spool_quick()
    }
}
