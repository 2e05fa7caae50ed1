//! Deprecated keys and current ones, in both directions: what a program sets under an old name is read, and
//! what is sent is written back under old names where a server knows no others.

mod read;
mod write;

pub(crate) use read::translate;
pub(crate) use write::write_back;

/// Which names spans are sent under.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Conventions {
    /// Current ones alone.
    #[default]
    Current,
    /// Deprecated ones, for everything that has one: servers from before the current ones.
    Legacy,
    /// Both, beside each other.
    Both,
}

/// The current key, and the deprecated ones that hold the same.
const MESSAGES: (&str, &[&str]) = ("gen_ai.input.messages", &["gen_ai.request.messages", "gen_ai.prompt"]);
const SYSTEM: (&str, &[&str]) = ("gen_ai.system_instructions", &["gen_ai.system.message"]);
const OUTPUT: &str = "gen_ai.output.messages";
const TEXT: &str = "gen_ai.response.text";
const TOOL_CALLS: &str = "gen_ai.response.tool_calls";
