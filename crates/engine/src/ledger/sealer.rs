//! The sealer's records and its steps, whoever does them: the engine with every tick, or a command on a file that nobody serves.

use frontdesk_tendlc::{Anchored, LedgerHead, SealNode, SealTree, SignedHead};
use frontdesk_types::{CenterId, Instant};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::places::{Compared, Prover};
use crate::{
    Anchor, AnchorError, EngineError, Heads, LedgerError,
    store::{Commit, ItemWrite, SealWrite, Store, StoreError, Unsealed, Version},
};

/// The kind of the items of the sealer: the tree, and the last head.
const SEALER: &str = "sealer";
const TREE: &str = "tree";
const LAST_HEAD: &str = "last_head";
/// The kind of the tree's nodes that are kept, by height and place.
pub(super) const NODES: &str = "seal_node";
/// The kind of the heads, by their size.
pub(super) const HEADS: &str = "ledger_head";
/// The kind of what anchors answered, by size and name.
pub(super) const ANCHORED: &str = "ledger_anchor";
/// Heads of an anchor that are compared with each new one.
const NEWEST: usize = 4;
/// Entries that are sealed in one commit: the writer is not long with it.
pub(crate) const BATCH: usize = 1_000;

/// The last head that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LastHead {
    pub(crate) size: u64,
    pub(crate) at: Instant,
}

/// The sealer of a center.
#[derive(Clone, Copy)]
pub(crate) struct Sealer<'a> {
    pub(crate) store: &'a dyn Store,
    pub(crate) center: &'a CenterId,
    pub(crate) heads: &'a Heads,
}

/// A head, and the commit that makes it where it is new.
pub(crate) struct HeadStep {
    pub(crate) head: SignedHead,
    pub(crate) commit: Option<Commit>,
}

/// The key of a node that is kept.
pub(super) fn node_key(height: u32, index: u64) -> String {
    format!("{height:02}-{index:020}")
}

/// The key of a head: keys sort as sizes do.
pub(super) fn head_key(size: u64) -> String {
    format!("{size:020}")
}

/// The key of what an anchor answered.
pub(super) fn anchored_key(size: u64, anchor: &str) -> String {
    format!("{} {anchor}", head_key(size))
}

impl Sealer<'_> {
    /// Reads an item of the sealer; version 0 where there is none.
    async fn item<T: DeserializeOwned>(
        &self,
        key: &str,
    ) -> Result<(Version, Option<T>), EngineError> {
        match self.store.item(self.center, SEALER, key).await? {
            None => Ok((0, None)),
            Some(item) => Ok((item.version, Some(item.read()?))),
        }
    }

    /// The tree over what is sealed, with its version.
    pub(crate) async fn tree(&self) -> Result<(Version, SealTree), EngineError> {
        let (version, tree) = self.item(TREE).await?;
        Ok((version, tree.unwrap_or_default()))
    }

    /// The last head that was made, with its version.
    pub(crate) async fn last_head(&self) -> Result<(Version, Option<LastHead>), EngineError> {
        self.item(LAST_HEAD).await
    }

    /// The next step: places for entries that have none, with their number; `None` if every entry has its place.
    pub(crate) async fn seal(&self) -> Result<Option<(usize, Commit)>, EngineError> {
        let entries = self.store.unsealed(self.center, BATCH).await?;
        if entries.is_empty() {
            return Ok(None);
        }
        let count = entries.len();
        let (expected, mut tree) = self.tree().await?;
        let first = tree.size();
        let leaves = entries.iter().map(|Unsealed { entry, .. }| entry.leaf());
        let nodes: Vec<SealNode> = leaves.flat_map(|leaf| tree.push(leaf)).collect();
        let mut items = vec![ItemWrite::json(SEALER, TREE.into(), expected, &tree)?];
        for SealNode { height, index, root } in nodes {
            items.push(ItemWrite::json(NODES, node_key(height, index), 0, &root)?);
        }
        let seals = Some(SealWrite { first, entries });
        Ok(Some((count, Commit { seals, items, ..Commit::default() })))
    }

    /// A head of what is sealed: the last one, if it is of the same size. `None` if nothing was ever sealed.
    pub(crate) async fn head(&self, at: Instant) -> Result<Option<HeadStep>, EngineError> {
        let (expected, last) = self.last_head().await?;
        let (_, tree) = self.tree().await?;
        let size = tree.size();
        if size == 0 {
            return Ok(None);
        }
        if last.is_some_and(|last| last.size == size)
            && let Some(head) = self.kept_head(size).await?
        {
            return Ok(Some(HeadStep { head, commit: None }));
        }
        let origin = self.heads.origin.clone().unwrap_or_else(|| self.center.to_string());
        let head = LedgerHead { origin, size, root: tree.root(), at };
        let head = self.heads.sign(head).map_err(LedgerError::from)?;
        let items = vec![
            ItemWrite::json(SEALER, LAST_HEAD.into(), expected, &LastHead { size, at })?,
            ItemWrite::json(HEADS, head_key(size), 0, &head)?,
        ];
        Ok(Some(HeadStep { head, commit: Some(Commit { items, ..Commit::default() }) }))
    }

    /// The head of a size, if it was made.
    pub(crate) async fn kept_head(&self, size: u64) -> Result<Option<SignedHead>, EngineError> {
        let item = self.store.item(self.center, HEADS, &head_key(size)).await?;
        Ok(item.map(|item| item.read()).transpose()?)
    }

    /// Gives a head to an anchor and checks its answer; the answer here is what is to be kept of it.
    pub(crate) async fn anchor(
        &self,
        anchor: &dyn Anchor,
        head: &SignedHead,
        now: impl Fn() -> Instant,
    ) -> Result<Result<ItemWrite, AnchorError>, EngineError> {
        let answer = match anchor.anchor(head).await {
            Ok(receipt) => anchor.check(head, &receipt).await.map(|at| (receipt, at)),
            Err(error) => Err(error),
        };
        let (receipt, at) = match answer {
            Ok(answer) => answer,
            Err(error) => return Ok(Err(error)),
        };
        let anchored = Anchored { anchor: anchor.name().to_owned(), answered: now(), at, receipt };
        let key = anchored_key(head.head().size, anchor.name());
        // A head that is given again gets another answer.
        let before = self.store.item(self.center, ANCHORED, &key).await?;
        let expected = before.map_or(0, |item| item.version);
        Ok(Ok(ItemWrite::json(ANCHORED, key, expected, &anchored)?))
    }

    /// The size of a head that an anchor gives back among its newest, which is not of the entries that are kept: nobody has explained
    /// it. An anchor that cannot be asked tells nothing.
    pub(crate) async fn differing_head(
        &self,
        anchor: &dyn Anchor,
    ) -> Result<Option<u64>, EngineError> {
        let given = anchor.heads().await.unwrap_or_default();
        let (_, tree) = self.tree().await?;
        let mut prover = Prover::new(self.store, self.center);
        for head in given.iter().rev().take(NEWEST) {
            let size = head.head().size;
            let is_explained = self.heads.known.iter().any(|known| known.size == size);
            if !is_explained && prover.compare(head, tree.size()).await? != Compared::Same {
                return Ok(Some(size));
            }
        }
        Ok(None)
    }

    /// A write that found another sequence than it had read: another host was faster, or the file was changed by hand.
    pub(crate) async fn somebody_else_seals(&self) -> Result<(), EngineError> {
        let (_, tree) = self.tree().await?;
        let end = tree.size();
        let last = self.store.seals(self.center, end.saturating_sub(1), 2).await?;
        let ends = last.len() == usize::from(end > 0);
        // The sequence is read after the tree: another host's next places are there, and the tree has them now.
        if ends || self.tree().await?.1.size() > end {
            return Ok(());
        }
        Err(LedgerError::Unsealable(end).into())
    }
}

/// Seals what waits, makes a head, and gives it to every anchor at once, on a store that no engine serves. Each anchor's answer is
/// kept; an error is told beside its name. `None` if nothing was ever entered.
///
/// # Errors
///
/// [`EngineError::Store`] where the store cannot be read or written, [`LedgerError::Unsealable`] where it was changed by hand.
pub async fn anchor_ledger(
    store: &dyn Store,
    center: &CenterId,
    heads: &Heads,
    now: Instant,
) -> Result<Option<(SignedHead, Vec<(String, Result<(), AnchorError>)>)>, EngineError> {
    let sealer = Sealer { store, center, heads };
    while let Some((_, commit)) = sealer.seal().await? {
        match store.commit(center, commit).await {
            Err(StoreError::Conflict) => sealer.somebody_else_seals().await?,
            done => drop(done?),
        }
    }
    let Some(HeadStep { head, commit }) = sealer.head(now).await? else { return Ok(None) };
    if let Some(commit) = commit {
        let _ = store.commit(center, commit).await?;
    }
    let mut answers = Vec::new();
    for anchor in &heads.anchors {
        let answer = match sealer.anchor(&**anchor, &head, || now).await? {
            Ok(item) => {
                let commit = Commit { items: vec![item], ..Commit::default() };
                let _ = store.commit(center, commit).await?;
                Ok(())
            }
            Err(error) => Err(error),
        };
        answers.push((anchor.name().to_owned(), answer));
    }
    Ok(Some((head, answers)))
}
