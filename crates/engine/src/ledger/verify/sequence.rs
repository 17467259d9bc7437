//! The sequence, the tree over it, and the ledger's entries in their places.

use frontdesk_tendlc::{Digest, Head, SealNode, SealTree};
use frontdesk_types::{Instant, PhoneNumber};

use super::{Look, PAGE};
use crate::{
    EngineError, LedgerProblem,
    ledger::{
        kept::is_out_of_retention,
        sealer::{NODES, node_key},
    },
    store::{Consumer, Seal, SealedEntry},
};

impl Look<'_> {
    /// Each place by its leaf, its entry, and the heads over it.
    pub(super) async fn seals(&mut self) -> Result<(), EngineError> {
        let (mut tree, mut dropped) = (SealTree::default(), 0);
        let mut roots = Vec::new();
        let sizes: Vec<u64> = self.kept.iter().map(|head| head.head.head().size).collect();
        let mut sizes = sizes.iter().peekable();
        let mut consumer: Option<(PhoneNumber, Consumer)> = None;
        'pages: while tree.size() < self.size {
            let limit = usize::try_from(self.size - tree.size()).unwrap_or(PAGE).min(PAGE);
            let page = match self.store.seals(self.center, tree.size(), limit).await {
                Ok(page) => page,
                Err(error) => {
                    let what = format!("places from {} on: {error}", tree.size() + 1);
                    self.report.add(LedgerProblem::Unreadable { what });
                    break;
                }
            };
            if page.is_empty() {
                self.report.add(LedgerProblem::Gap { place: tree.size() + 1 });
                break;
            }
            let mut nodes = Vec::new();
            for seal in page {
                if seal.sequence != tree.size() {
                    self.report.add(LedgerProblem::Gap { place: tree.size() + 1 });
                    break 'pages;
                }
                nodes.extend(tree.push(seal.entry.leaf()));
                while sizes.next_if_eq(&&tree.size()).is_some() {
                    roots.push((tree.size(), tree.root()));
                }
                match seal.stored {
                    SealedEntry::There { digest, at } => self.there(&seal, digest, at),
                    SealedEntry::Unreadable => self.unreadable(&seal),
                    SealedEntry::Missing => {
                        dropped += u64::from(self.was_dropped(&seal, &mut consumer).await?);
                    }
                }
            }
            self.nodes(nodes).await?;
        }
        if tree.size() == self.size && tree != self.tree {
            self.report.add(LedgerProblem::Node { node: "its end".into() });
        }
        (self.report.sealed, self.report.dropped) = (tree.size(), dropped);
        if let Some(count @ 1..) = self.placed.checked_sub(self.most_placed) {
            self.report.add(LedgerProblem::PlacedTwice { count });
        }
        self.beyond().await?;
        if self.stray {
            self.nobodys().await?;
        }
        self.roots(&roots);
        Ok(())
    }

    /// An entry stands in its place: whether it is the one that was sealed, and not older than the head before it.
    fn there(&mut self, seal: &Seal, digest: Digest, at: Instant) {
        self.placed += 1;
        let (place, key, number) = (seal.sequence + 1, seal.entry.key.clone(), seal.entry.number);
        if digest != seal.entry.digest {
            self.report.add(LedgerProblem::Changed { place, key, number });
            return;
        }
        if let Some(head) = self.moments.entry(&self.proven, seal.sequence, at) {
            self.report.add(LedgerProblem::Backdated { place, key, number, at, head });
        }
    }

    /// An entry stands in its place, and cannot be read.
    fn unreadable(&mut self, seal: &Seal) {
        self.placed += 1;
        let (place, key, number) = (seal.sequence + 1, &seal.entry.key, seal.entry.number);
        let what = format!(
            "entry {place} (number {number} of {} to {}) cannot be read",
            key.consumer, key.programme
        );
        self.report.add(LedgerProblem::Unreadable { what });
    }

    /// No entry stands in a place: whether retention has dropped it.
    async fn was_dropped(
        &mut self,
        seal: &Seal,
        consumer: &mut Option<(PhoneNumber, Consumer)>,
    ) -> Result<bool, EngineError> {
        let (place, key, number) = (seal.sequence + 1, seal.entry.key.clone(), seal.entry.number);
        let known = match consumer {
            Some((of, known)) if *of == key.consumer => known,
            _ => {
                // An entry that cannot be read was told.
                let known = self.store.consumer(self.center, key.consumer).await;
                let known = known.map_or_else(|_| Consumer::default(), |(_, known)| known);
                &mut consumer.insert((key.consumer, known)).1
            }
        };
        let before = known.ledger.account(&key.programme).and_then(|account| account.before);
        let is_dropped = before.is_some_and(|Head { entries, digest }| {
            number < entries || (number == entries && digest == seal.entry.digest)
        });
        let is_dropped = is_dropped && self.may_be_dropped(seal.sequence);
        if !is_dropped {
            self.report.add(LedgerProblem::Missing { place, key, number });
        }
        Ok(is_dropped)
    }

    /// Whether retention may have dropped the entry of a place: a head has it that is older than every retention. Without heads
    /// nobody knows.
    fn may_be_dropped(&self, place: u64) -> bool {
        let covering = self.kept.partition_point(|head| head.head.head().size <= place);
        let is_old = |head| is_out_of_retention(head, self.report.made);
        self.kept.is_empty() || self.kept.get(covering).is_some_and(is_old)
    }

    /// The sequence ends where the tree does.
    async fn beyond(&mut self) -> Result<(), EngineError> {
        let more = match self.store.seals(self.center, self.size, 1).await {
            Ok(more) => more,
            Err(error) => {
                let what = format!("places behind the last one, {}: {error}", self.size);
                self.report.add(LedgerProblem::Unreadable { what });
                return Ok(());
            }
        };
        let (_, now) = self.sealer().tree().await?;
        if let Some(seal) = more.first().filter(|_| now.size() == self.size) {
            self.report.add(LedgerProblem::Beyond { place: seal.sequence + 1 });
        }
        Ok(())
    }

    /// The nodes that are kept of the tree.
    async fn nodes(&mut self, nodes: Vec<SealNode>) -> Result<(), EngineError> {
        for SealNode { height, index, root } in nodes {
            let key = node_key(height, index);
            let kept = self.store.item(self.center, NODES, &key).await?;
            let is_same =
                kept.is_some_and(|item| item.read::<Digest>().is_ok_and(|kept| kept == root));
            if !is_same {
                self.report.add(LedgerProblem::Node { node: key });
            }
        }
        Ok(())
    }

    /// Entries are there that no history has: they are looked for one by one.
    async fn nobodys(&mut self) -> Result<(), EngineError> {
        let mut from = 0;
        while from < self.size {
            let Ok(page) = self.store.seals(self.center, from, PAGE).await else { return Ok(()) };
            let Some(last) = page.last() else { return Ok(()) };
            from = last.sequence + 1;
            for seal in page {
                let (key, number) = (seal.entry.key, seal.entry.number);
                if seal.stored == SealedEntry::Missing {
                    continue;
                }
                let Ok((_, known)) = self.store.consumer(self.center, key.consumer).await else {
                    continue;
                };
                let account = known.ledger.account(&key.programme);
                if account.is_none_or(|account| account.head.entries < number) {
                    self.report.add(LedgerProblem::Nobodys { key, number });
                }
            }
        }
        Ok(())
    }

    /// Each head by the root over its entries.
    fn roots(&mut self, roots: &[(u64, Digest)]) {
        let heads: Vec<_> = self.kept.iter().map(|head| head.head.head().clone()).collect();
        for head in heads {
            if head.size > self.size {
                // It was made meanwhile, or its entries are gone.
                self.report.add(LedgerProblem::Head { size: head.size, at: head.at });
                continue;
            }
            let root = roots.iter().find(|(size, _)| *size == head.size);
            if root.is_none_or(|(_, root)| *root != head.root) {
                self.report.add(LedgerProblem::Head { size: head.size, at: head.at });
            }
        }
    }

    /// Entries that have no place, and wait for none. What comes in or gets its place meanwhile is counted by what is read later.
    pub(super) async fn unplaced(&mut self) -> Result<(), EngineError> {
        let counted = self.store.count_entries(self.center).await?;
        let unsealed = self.store.count_unsealed(self.center).await?;
        if let Err(error) = self.store.unsealed(self.center, 1).await {
            let what = format!("entries without a place: {error}");
            self.report.add(LedgerProblem::Unreadable { what });
        }
        let (_, now) = self.sealer().tree().await?;
        self.report.unsealed = unsealed;
        if self.report.sealed != self.size {
            // A gap was told: what is behind it was not looked at.
            return Ok(());
        }
        let placed = self.placed + now.size().saturating_sub(self.size);
        if let Some(count @ 1..) = counted.checked_sub(placed + unsealed) {
            self.report.add(LedgerProblem::Unplaced { count });
        }
        Ok(())
    }
}
