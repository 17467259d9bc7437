//! `frontdesk sample`: files to begin with.

use crate::{output, settings::HostError};

/// A file to begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(crate) enum Sample {
    /// A registration with the carriers, for `frontdesk lint`.
    Campaign,
    /// A configuration for Twilio, with what every center needs and what most want.
    #[default]
    Config,
    /// A reverse proxy with TLS (nginx).
    Nginx,
    /// A unit of systemd.
    Unit,
}

impl Sample {
    fn text(self) -> &'static str {
        match self {
            Self::Campaign => include_str!("../samples/campaign.toml"),
            Self::Config => include_str!("../samples/center.toml"),
            Self::Nginx => include_str!("../samples/nginx.conf"),
            Self::Unit => include_str!("../samples/frontdesk.service"),
        }
    }

    pub(crate) fn print(self) -> Result<(), HostError> {
        output::write(format_args!("{}", self.text()))
    }
}
