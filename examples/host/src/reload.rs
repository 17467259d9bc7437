//! The configuration is read again while the host runs.

use std::{path::PathBuf, sync::Arc};

use frontdesk::{Clock, SystemClock};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::{Notify, watch},
};
use tracing::{error, info, warn};

use crate::{
    settings::{self, HostError},
    web::App,
};

/// Reads the configuration again when told to (SIGHUP). One with mistakes changes nothing; `reloaded` hears of the others.
pub(crate) async fn reload(
    app: App,
    config: Option<PathBuf>,
    reloaded: Arc<Notify>,
    mut stopping: watch::Receiver<bool>,
) {
    let engine = &app.engine;
    let Ok(mut hangup) = signal(SignalKind::hangup()) else { return };
    loop {
        tokio::select! {
            _ = stopping.wait_for(|stop| *stop) => return,
            heard = hangup.recv() => if heard.is_none() { return },
        }
        let swapped = match settings::load(config.as_deref()) {
            Ok((center, host)) if center.id() == engine.center().id() => {
                app.tokens.set(host.tokens);
                if app.tokens.are_none() {
                    warn!(
                        "no tokens are configured: nobody can use the API and the console until there are some"
                    );
                }
                host.zones.log(SystemClock.now());
                app.zones.set(host.zones);
                engine.reconfigure(center).await.map_err(HostError::from)
            }
            Ok(_) => Err(HostError::Refused("center.id cannot change while running".into())),
            Err(error) => Err(error),
        };
        match swapped {
            Ok(()) => {
                reloaded.notify_one();
                info!("the configuration was read again; of [host] only the tokens");
            }
            Err(error) => error!(%error, "the configuration stays as it was"),
        }
    }
}
