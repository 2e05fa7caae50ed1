//! What is done with the disk, and what another process makes of it when one has died.

use spanwire::delivery::{Inbox, SpoolCommand};

use super::{World, client};
use crate::{
    common::settings,
    disk::{Disk, Done},
    server::Request,
};

impl World {
    /// Does with the disk what the client wants.
    pub(super) fn obey(&mut self) {
        let mut has_stored = false;
        // Not twice: who writes does nothing else meanwhile.
        let is_slow = !self.is_over && !self.is_behind && self.numbers.once_in(4);
        self.is_behind = is_slow;
        while let Some(command) = self.next_command(is_slow) {
            if has_stored && matches!(command, SpoolCommand::Remove { .. }) && self.dies_once_in(10) {
                self.saw("died between an envelope and its drafts");
                return self.crash();
            }
            let disk = self.disk.as_mut().expect("only with a spool");
            let done = disk.obey(&mut self.numbers, command);
            has_stored = matches!(done, Done::Stored(_, true));
            match done {
                Done::Stored(id, is_stored) => self.client.handle_stored(id, is_stored),
                Done::Loaded(id, bytes) => {
                    self.saw("brought back from the spool");
                    self.client.handle_loaded(id, bytes.as_deref());
                }
                Done::Unread(id) => {
                    self.saw("could not be read for a while");
                    self.client.handle_unread(self.now(), id);
                }
                Done::Removed => {}
            }
        }
    }

    /// While something is written, others read and remove.
    fn next_command(&mut self, is_slow: bool) -> Option<SpoolCommand> {
        if is_slow && !self.numbers.once_in(4) {
            self.saw("left what has to be written for later");
            return self.client.poll_spool_quick();
        }
        self.client.poll_spool()
    }

    pub(super) fn dies_once_in(&mut self, times: usize) -> bool {
        !self.is_over && self.numbers.once_in(times)
    }

    pub(super) fn evict(&mut self) {
        if let Some((id, _)) = self.disk.as_mut().and_then(Disk::evict) {
            self.client.handle_evicted(id);
        }
    }

    /// The process dies, and another one begins with what is on disk.
    pub(super) fn crash(&mut self) {
        self.open.clear();
        self.inbox = Inbox::default();
        self.under_way.clear();
        self.settings = settings(&self.options);
        self.client = client(&self.settings, self.disk.is_some());
        (self.started, self.sent, self.refused) = (0, 0, 0);
        self.reported_before = self.server.reported;
        if let Some(disk) = &mut self.disk {
            self.started = disk.spans() as u64;
            disk.inherit(|spans| self.client.handle_found(spans));
            if self.started > 0 {
                self.saw("found after a crash");
            }
        }
        let on_disk = self.disk.iter().flat_map(Disk::envelopes);
        self.server.expect_another(on_disk.flat_map(|bytes| Request::of_file(bytes).spans).collect());
    }
}
