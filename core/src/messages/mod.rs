//! Messages: one model for every wire format, and what of it is kept.

mod blobs;
mod model;
mod policy;

pub use model::{Conversation, Message, Part, instructions, to_json};
pub(crate) use policy::{bounded, shorten, since_last_answer};
