//! Messages: one model for every wire format, and what of it is kept.

mod blobs;
mod cut;
mod model;
mod parts;
mod policy;
mod read;

pub(crate) use blobs::{data_or_address, decoded_size};
pub use blobs::{substitute_blob, substitute_blob_of};
pub use cut::{fitted, shorten};
pub(crate) use model::{Data, Message, Part, Text, structure};
pub(crate) use parts::{beside, media_type, read as read_parts};
pub(crate) use policy::{Removed, fit, size};
pub(crate) use read::{Conversation, answer, answers, instructions, write_messages, write_parts};
