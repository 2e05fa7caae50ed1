//! Messages: one model for every wire format, and what of it is kept.

mod blobs;
mod model;
mod parts;
mod policy;
mod read;

pub use blobs::clip;
pub(crate) use model::{Message, Part, structure};
pub(crate) use policy::{Removed, fit};
pub(crate) use read::{Conversation, answers, instructions, write_messages, write_parts};
