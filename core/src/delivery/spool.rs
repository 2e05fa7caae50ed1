//! Envelopes on disk, as plain data: what the host is asked to keep, to bring back and to remove.

use std::sync::Arc;

/// Tells envelopes that are on disk, or on their way to it, apart. Made by the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SpoolId(pub u64);

/// Something that the host does with its folder, in the order in which it is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SpoolCommand {
    /// Keep this envelope; then [`handle_stored`](crate::client::Client::handle_stored).
    Store {
        /// Its name from now on.
        id: SpoolId,
        /// The envelope, without `sent_at`: that is written when it leaves.
        bytes: Arc<[u8]>,
        /// The spans in it.
        spans: usize,
    },
    /// Bring it back into memory, it is about to leave; then
    /// [`handle_loaded`](crate::client::Client::handle_loaded), or
    /// [`handle_unread`](crate::client::Client::handle_unread) where it is there and the system would not.
    Load {
        /// Which.
        id: SpoolId,
    },
    /// It has been answered.
    Remove {
        /// Which.
        id: SpoolId,
    },
}
