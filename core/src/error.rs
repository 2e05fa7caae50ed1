//! What can be wrong with what the caller handed over, each with the next step in its message.

use thiserror::Error;

/// An option that `init` cannot take.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ConfigError {
    /// The options are not a JSON object.
    #[error("the options must be one object, like {{\"dsn\": \"https://KEY@HOST/PROJECT\"}}")]
    NotAnObject,
    /// There is no option of that name.
    #[error("unknown option `{name}`; the options are: {allowed}")]
    UnknownOption {
        /// The name as it was given.
        name: String,
        /// Every name there is.
        allowed: String,
    },
    /// The option exists and the value does not fit.
    #[error("option `{option}` cannot be {value}; allowed: {allowed}")]
    InvalidValue {
        /// The option's name.
        option: &'static str,
        /// The value, as JSON.
        value: String,
        /// What would have been right.
        allowed: &'static str,
    },
    /// The DSN cannot be read. The DSN itself is left out of the message: it may hold a secret.
    #[error(
        "option `dsn` cannot be read ({reason}); allowed: a string like https://PUBLIC_KEY@HOST/PROJECT_ID"
    )]
    InvalidDsn {
        /// What is wrong with it.
        reason: String,
    },
    /// A proxy's address cannot be read. It is left out of the message: it may hold a password.
    #[error(
        "option `{option}` cannot be read; allowed: a URL like http://HOST:PORT, or an empty text for no proxy"
    )]
    InvalidProxy {
        /// The option's name.
        option: &'static str,
    },
    /// A file that an option names is not there or holds something else.
    #[error("option `{option}`: {reason}; allowed: {allowed}")]
    InvalidFile {
        /// The option's name.
        option: &'static str,
        /// What is wrong, with the path.
        reason: String,
        /// What would have been right.
        allowed: &'static str,
    },
    /// The option is for hosts that have files and sockets of their own.
    #[error(
        "option `{option}` cannot be set in a browser or on the edge, which has no files and chooses its own way to the server"
    )]
    NeedsNative {
        /// The option's name.
        option: &'static str,
    },
}

/// A wire format that nobody here reads.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("unknown format `{name}`; the formats are: {allowed}")]
pub struct UnknownFormat {
    /// The name as it was given.
    pub name: String,
    /// Every name there is.
    pub allowed: String,
}

/// A span kind or request operation that does not exist.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("unknown operation `{name}`; the operations are: {allowed}")]
pub struct UnknownOperation {
    /// The name as it was given.
    pub name: String,
    /// Every name there is.
    pub allowed: String,
}

/// Why bytes are not an envelope.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum EnvelopeError {
    /// A header line that is not a JSON object.
    #[error("byte {offset}: a header line must be one JSON object")]
    Header {
        /// Where the line begins.
        offset: usize,
    },
    /// An item that claims more bytes than there are.
    #[error("byte {offset}: the item is cut off: {missing} bytes are missing")]
    CutOff {
        /// Where the payload begins.
        offset: usize,
        /// How much is not there.
        missing: usize,
    },
}
