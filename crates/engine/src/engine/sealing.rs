//! The ledger's entries get their places in the center's sequence, and its heads are made and given to others (DLC-3).

use frontdesk_tendlc::{Anchored, LedgerHead, SealNode, SealTree, SignedHead};
use frontdesk_types::{Event, Instant};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{Engine, EngineError, outbox::Done};
use crate::{
    AnchorError, LedgerError,
    store::{
        Commit, Item, ItemWrite, NewWork, Outcome, SealWrite, Store, StoreError, Subject, Task,
        Unsealed, Urgency, Version, Work,
    },
};
use frontdesk_types::CenterId;

/// The kind of the items of the sealer: the tree, and the last head.
const SEALER: &str = "sealer";
const TREE: &str = "tree";
const LAST_HEAD: &str = "last_head";
/// The kind of the tree's nodes that are kept, by height and place.
pub(crate) const NODES: &str = "seal_node";
/// The kind of the heads, by their size.
pub(crate) const HEADS: &str = "ledger_head";
/// The kind of what anchors answered, by size and name.
pub(crate) const ANCHORED: &str = "ledger_anchor";
/// Entries that are sealed in one commit: the writer is not long with it.
const BATCH: usize = 1_000;
/// Commits of one tick.
const ROUNDS: usize = 64;

/// The last head that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct LastHead {
    size: u64,
    at: Instant,
}

/// The key of a node that is kept.
pub(crate) fn node_key(height: u32, index: u64) -> String {
    format!("{height:02}-{index:020}")
}

/// The key of a head: keys sort as sizes do.
pub(crate) fn head_key(size: u64) -> String {
    format!("{size:020}")
}

/// The key of what an anchor answered.
pub(crate) fn anchored_key(size: u64, anchor: &str) -> String {
    format!("{size:020} {anchor}")
}

/// Reads an item of the sealer; version 0 where there is none.
async fn sealer_item<T: DeserializeOwned>(
    store: &dyn Store,
    center: &CenterId,
    key: &str,
) -> Result<(Version, Option<T>), EngineError> {
    let Some(Item { version, value, .. }) = store.item(center, SEALER, key).await? else {
        return Ok((0, None));
    };
    let read = serde_json::from_slice(&value).map_err(StoreError::backend)?;
    Ok((version, Some(read)))
}

/// The tree over what is sealed, with its version.
pub(crate) async fn tree(
    store: &dyn Store,
    center: &CenterId,
) -> Result<(Version, SealTree), EngineError> {
    let (version, tree) = sealer_item(store, center, TREE).await?;
    Ok((version, tree.unwrap_or_default()))
}

/// Size and moment of the last head that was made.
pub(crate) async fn last_head(
    store: &dyn Store,
    center: &CenterId,
) -> Result<Option<(u64, Instant)>, EngineError> {
    let (_, last) = sealer_item::<LastHead>(store, center, LAST_HEAD).await?;
    Ok(last.map(|LastHead { size, at }| (size, at)))
}

fn item(
    kind: &'static str,
    key: String,
    expected: Version,
    value: &impl Serialize,
) -> Result<ItemWrite, EngineError> {
    let value = Some(serde_json::to_vec(value).map_err(StoreError::backend)?);
    Ok(ItemWrite { kind, key, expected, value })
}

impl Engine {
    /// Seals what was entered, and makes the next head when it is due. Another host that does so at the same time is no failure.
    pub(super) async fn keep_sealed(&self) -> Result<(), EngineError> {
        for _ in 0..ROUNDS {
            match self.seal_some().await {
                Ok(BATCH) => {}
                Ok(_) => break,
                Err(EngineError::Store(StoreError::Conflict)) => {
                    self.somebody_else_seals().await?;
                    break;
                }
                Err(error) => return Err(error),
            }
        }
        match self.head_when_due().await {
            Err(EngineError::Store(StoreError::Conflict)) => Ok(()),
            made => made,
        }
    }

    /// A write that found another sequence than it had read: another host was faster, or the file was changed by hand.
    async fn somebody_else_seals(&self) -> Result<(), EngineError> {
        let store = &*self.parts.store;
        let (_, tree) = tree(store, &self.id).await?;
        let end = tree.size();
        let last = store.seals(&self.id, end.saturating_sub(1), 2).await?;
        let ends = last.len() == usize::from(end > 0);
        // The sequence is read after the tree: another host's next places are there, and the tree has them now.
        if ends || self::tree(store, &self.id).await?.1.size() > end {
            return Ok(());
        }
        Err(LedgerError::Unsealable(end).into())
    }

    /// Gives places to entries that have none; the answer is how many.
    async fn seal_some(&self) -> Result<usize, EngineError> {
        let store = &*self.parts.store;
        let entries = store.unsealed(&self.id, BATCH).await?;
        if entries.is_empty() {
            return Ok(0);
        }
        let count = entries.len();
        let (expected, mut tree) = tree(store, &self.id).await?;
        let first = tree.size();
        let leaves = entries.iter().map(|Unsealed { entry, .. }| entry.leaf());
        let nodes: Vec<SealNode> = leaves.flat_map(|leaf| tree.push(leaf)).collect();
        let mut items = vec![item(SEALER, TREE.into(), expected, &tree)?];
        for SealNode { height, index, root } in nodes {
            items.push(item(NODES, node_key(height, index), 0, &root)?);
        }
        let seals = Some(SealWrite { first, entries });
        // Without an inbound message there is no duplicate.
        let _ = self.commit(Commit { seals, items, ..Commit::default() }).await?;
        Ok(count)
    }

    async fn head_when_due(&self) -> Result<(), EngineError> {
        let heads = &self.parts.heads;
        if !heads.are_made() {
            return Ok(());
        }
        let last: (Version, Option<LastHead>) =
            sealer_item(&*self.parts.store, &self.id, LAST_HEAD).await?;
        let now = self.now();
        // A clock that was ahead holds no head back.
        let waits = |last: &LastHead| last.at <= now && now < last.at + heads.every;
        if last.1.as_ref().is_some_and(waits) {
            return Ok(());
        }
        self.make_head(last).await.map(drop)
    }

    /// Makes a head of what is sealed, unless the last one is of the same size, and gives it to the anchors. `None` if nothing was
    /// ever sealed.
    pub async fn ledger_head(&self) -> Result<Option<SignedHead>, EngineError> {
        for _ in 0..super::TRIES {
            self.keep_sealed().await?;
            let last = sealer_item(&*self.parts.store, &self.id, LAST_HEAD).await?;
            match self.make_head(last).await {
                Err(EngineError::Store(StoreError::Conflict)) => {}
                made => return made,
            }
        }
        Err(StoreError::Conflict.into())
    }

    async fn make_head(
        &self,
        (expected, last): (Version, Option<LastHead>),
    ) -> Result<Option<SignedHead>, EngineError> {
        let (store, heads) = (&*self.parts.store, &self.parts.heads);
        let (_, tree) = tree(store, &self.id).await?;
        let size = tree.size();
        if size == 0 {
            return Ok(None);
        }
        if last.is_some_and(|last| last.size == size) {
            let kept = store.item(&self.id, HEADS, &head_key(size)).await?;
            return kept.map(|item| read_head(&item)).transpose();
        }
        let at = self.now();
        let origin = heads.origin.clone().unwrap_or_else(|| self.id.to_string());
        let signed = heads.sign(LedgerHead { origin, size, root: tree.root(), at });
        let signed = signed.map_err(LedgerError::from)?;
        let items = vec![
            item(SEALER, LAST_HEAD.into(), expected, &LastHead { size, at })?,
            item(HEADS, head_key(size), 0, &signed)?,
        ];
        let anchors = heads.anchors.iter().map(|anchor| anchor.name());
        let work = anchors.map(|anchor| NewWork {
            key: format!("anchor/{size}/{anchor}"),
            lane: format!("anchor/{anchor}"),
            task: Task::AnchorHead { size, anchor: anchor.to_owned() },
            not_before: at,
            urgency: Urgency::Notice,
        });
        let work = work.collect();
        let _ = self.commit(Commit { items, work, ..Commit::default() }).await?;
        Ok(Some(signed))
    }

    /// Gives a head to an anchor, and keeps its answer.
    pub(super) async fn anchor_head(
        &self,
        work: &Work,
        size: u64,
        name: &str,
    ) -> Result<(), EngineError> {
        let kept = self.parts.store.item(&self.id, HEADS, &head_key(size)).await?;
        let (Some(anchor), Some(kept)) = (self.parts.heads.anchor(name), kept) else {
            let error = format!("no anchor is called `{name}` any more, or its head is gone");
            return self.finish(work, done(Outcome::Dead { error })).await;
        };
        let head = read_head(&kept)?;
        let answer = match anchor.anchor(&head).await {
            Ok(receipt) => anchor.check(&head, &receipt).await.map(|at| (receipt, at)),
            Err(error) => Err(error),
        };
        let (receipt, at) = match answer {
            Ok(answer) => answer,
            Err(error) => {
                let (retry_after, misconfigured) = match &error {
                    AnchorError::Unavailable { retry_after, .. } => (*retry_after, false),
                    AnchorError::Misconfigured { .. } | AnchorError::Mismatch { .. } => {
                        (None, true)
                    }
                };
                let reason = format!("{name}: {error}");
                self.attempt_failed(work, &reason, misconfigured);
                return self.finish(work, done(self.again(work, &reason, retry_after))).await;
            }
        };
        let anchored = Anchored { anchor: name.to_owned(), answered: self.now(), at, receipt };
        let key = anchored_key(size, name);
        // Work that is done again has its answer already, or gets another one.
        let expected =
            self.parts.store.item(&self.id, ANCHORED, &key).await?.map_or(0, |item| item.version);
        let items = vec![item(ANCHORED, key, expected, &anchored)?];
        let finished = Some((work.id, work.lease, Outcome::Done));
        self.end_work(work, Commit { items, finished, ..Commit::default() }).await
    }
}

/// The end of work that is about the center itself.
fn done(outcome: Outcome) -> Done {
    Done { outcome, events: Vec::<Event>::new(), subject: Subject::default() }
}

/// A head as an item has it.
pub(crate) fn read_head(item: &Item) -> Result<SignedHead, EngineError> {
    Ok(serde_json::from_slice(&item.value).map_err(StoreError::backend)?)
}
