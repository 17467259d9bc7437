#![doc = include_str!("../README.md")]

mod file;
mod http;
mod time_stamps;
mod webhook;

pub use file::HeadsFile;
pub use time_stamps::TimeStamps;
pub use webhook::Webhook;

/// A mistake in the settings of an anchor.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// No HTTP client can be made.
    #[error("no HTTP client can be made: {0}")]
    Client(#[from] reqwest::Error),
    /// The address is none of `https` or `http`.
    #[error("`{found}` is no address: allowed are https:// and http://")]
    Url {
        /// The address as it stands there.
        found: String,
    },
}
