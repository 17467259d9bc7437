//! Texts that the gate holds are judged anew.

use super::{at, claim, commit, finish, jobs, keys, work};
use crate::store::{Commit, Outcome, Store};

/// Work that the gate holds in a lane is due with the commit that asks for it; nothing else of the lane, and no other lane, is.
pub async fn what_the_gate_holds_is_judged_anew(store: &dyn Store) {
    let keys_of = ["held", "busy", "other"];
    commit(store, jobs(keys_of.map(|key| work(key, key)).into())).await;
    commit(store, jobs(vec![work("behind", "held")])).await;
    for work in claim(store, 0).await {
        let outcome = match &*work.work.key {
            "busy" => Outcome::Pause { at: at(600), error: "busy".to_owned() },
            _ => Outcome::Postponed { until: at(600) },
        };
        finish(store, &work, outcome).await;
    }
    assert_eq!(keys(&claim(store, 5).await), [""; 0]);
    let recheck = ["held", "busy", "nothing"].map(str::to_owned).into();
    commit(store, Commit { recheck, ..Commit::default() }).await;
    let claimed = claim(store, 5).await;
    assert_eq!(keys(&claimed), ["held"], "its lane goes on in order");
    finish(store, &claimed[0], Outcome::Done).await;
    assert_eq!(keys(&claim(store, 5).await), ["behind"]);
}
