//! A look at everything: histories, seals, the tree, heads, anchors, and the event log.

use std::collections::BTreeSet;

use frontdesk_tendlc::{Account, AnchoredHead, Head, LedgerKey, SealNode, SealTree};
use frontdesk_types::{CenterId, Instant, PhoneNumber};

use super::{
    AnchorReport, Coverage, HeadReport, LedgerProblem, LedgerReport, kept_heads,
    logged::Logged,
    sealer::{LastHead, NODES, Sealer, node_key},
};
use crate::{
    EngineError, Heads,
    store::{Consumer, Seal, SealedEntry, Store},
};

/// Rows that are read at a time.
const PAGE: usize = 1_000;
/// How often the counts are taken again where retention or a text has changed them meanwhile.
const ROUNDS: usize = 3;
/// By so much an entry may say that it is older than the head before it: hosts' clocks differ by less.
const CLOCKS: chrono::TimeDelta = chrono::TimeDelta::minutes(5);

/// Looks through the whole ledger of a center: each history by its chain and by what is kept of the consumer, each entry by its
/// seal, the seals by the heads, the heads by their signatures and by those who have them, and the event log by the entries.
///
/// It only reads, so that it may run beside a host, or on a copy of the file. Entries that come in meanwhile are left for the next look.
///
/// # Errors
///
/// [`EngineError::Store`] where the store cannot be read. What is wrong with the ledger is no error: the report tells it.
pub async fn verify_ledger(
    store: &dyn Store,
    center: &CenterId,
    heads: &Heads,
    now: Instant,
) -> Result<LedgerReport, EngineError> {
    let mut look = Look::new(store, center, heads, now).await?;
    look.histories().await?;
    look.seals().await?;
    look.heads().await?;
    look.log().await?;
    look.report.unsealed = look.unsealed().await?;
    Ok(look.report)
}

struct Look<'a> {
    store: &'a dyn Store,
    center: &'a CenterId,
    settings: &'a Heads,
    /// As many places are looked at.
    size: u64,
    /// The tree over them, as the sealer keeps it.
    tree: SealTree,
    kept: Vec<AnchoredHead>,
    /// Entries with a place among those, by the histories.
    placed: u64,
    report: LedgerReport,
}

impl<'a> Look<'a> {
    async fn new(
        store: &'a dyn Store,
        center: &'a CenterId,
        settings: &'a Heads,
        now: Instant,
    ) -> Result<Self, EngineError> {
        let mut report = LedgerReport {
            center: center.clone(),
            made: now,
            consumers: 0,
            entries: 0,
            sealed: 0,
            dropped: 0,
            unsealed: 0,
            heads: Vec::new(),
            coverage: Vec::new(),
            problems: Vec::new(),
            more_problems: 0,
        };
        let mut kept = Vec::new();
        // Heads first: those that are made meanwhile are of entries that are not looked at.
        for head in kept_heads(store, center).await? {
            match head {
                Ok(head) => kept.push(head),
                Err(what) => report.add(LedgerProblem::Unreadable { what }),
            }
        }
        let (_, tree) = Sealer { store, center, heads: settings }.tree().await?;
        let size = tree.size();
        Ok(Self { store, center, settings, size, tree, kept, placed: 0, report })
    }

    fn sealer(&self) -> Sealer<'_> {
        Sealer { store: self.store, center: self.center, heads: self.settings }
    }

    /// Each consumer's histories, by their chains.
    async fn histories(&mut self) -> Result<(), EngineError> {
        let before = self.report.clone();
        for _ in 0..ROUNDS {
            // A text that came in between two reads looks like a change: what is wrong the last time is.
            self.report = before.clone();
            self.placed = 0;
            let counted = self.store.count_entries(self.center).await?;
            let mut after: Option<PhoneNumber> = None;
            loop {
                let page = self.store.consumers(self.center, after, PAGE).await?;
                let full = page.len() == PAGE;
                after = page.last().map(|(consumer, _)| *consumer);
                for (consumer, known) in &page {
                    self.consumer(*consumer, known).await?;
                }
                if !full {
                    break;
                }
            }
            if let Some(count @ 1..) = counted.checked_sub(self.report.entries) {
                self.report.add(LedgerProblem::Stray { count });
            }
            if self.report.problems.len() == before.problems.len() {
                return Ok(());
            }
        }
        Ok(())
    }

    async fn consumer(
        &mut self,
        consumer: PhoneNumber,
        known: &Consumer,
    ) -> Result<(), EngineError> {
        let mut has_entries = false;
        for (programme, account) in known.ledger.accounts() {
            let key = LedgerKey { consumer, programme: programme.clone() };
            has_entries = true;
            self.history(key, account).await?;
        }
        self.report.consumers += u64::from(has_entries);
        Ok(())
    }
}

/// Histories, and what is kept of consumers.
impl Look<'_> {
    async fn history(&mut self, key: LedgerKey, account: &Account) -> Result<(), EngineError> {
        let Some((head, history)) = self.store.history(self.center, &key).await? else {
            self.report.add(LedgerProblem::Standing { key });
            return Ok(());
        };
        let places = self.store.sequences(self.center, &key).await?;
        self.report.entries += history.links.len() as u64;
        self.placed += places.values().filter(|place| **place < self.size).count() as u64;
        match history.verify(Some(head)) {
            Ok(consent) if consent == account.consent => {}
            Ok(_) => self.report.add(LedgerProblem::Standing { key: key.clone() }),
            Err(error) => self.report.add(LedgerProblem::broken(key.clone(), &error)),
        }
        let numbers = history.before.entries + 1..;
        for (number, link) in numbers.zip(&history.links) {
            let Some(place) = places.get(&number).filter(|place| **place < self.size) else {
                continue;
            };
            let before = self.kept.partition_point(|head| head.head.head().size <= *place);
            let Some(head) = before.checked_sub(1).and_then(|at| self.kept.get(at)) else {
                continue;
            };
            let (at, head) = (link.entry.at, head.head.head().at);
            if at + CLOCKS < head {
                let (key, place) = (key.clone(), *place + 1);
                self.report.add(LedgerProblem::Backdated { place, key, number, at, head });
            }
        }
        Ok(())
    }
}

/// The sequence, the tree over it, and the heads.
impl Look<'_> {
    async fn seals(&mut self) -> Result<(), EngineError> {
        let (mut tree, mut there, mut dropped) = (SealTree::default(), 0, 0);
        let mut roots = Vec::new();
        let sizes: Vec<u64> = self.kept.iter().map(|head| head.head.head().size).collect();
        let mut sizes = sizes.iter().peekable();
        let mut consumer: Option<(PhoneNumber, Consumer)> = None;
        'pages: while tree.size() < self.size {
            let limit = usize::try_from(self.size - tree.size()).unwrap_or(PAGE).min(PAGE);
            let page = self.store.seals(self.center, tree.size(), limit).await?;
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
                match self.is_as_sealed(&seal, &mut consumer).await? {
                    Stored::There => there += 1,
                    Stored::Dropped => dropped += 1,
                    Stored::Wrong => {}
                }
            }
            self.nodes(nodes).await?;
        }
        if tree.size() == self.size && tree != self.tree {
            self.report.add(LedgerProblem::Node { node: "its end".into() });
        }
        (self.report.sealed, self.report.dropped) = (tree.size(), dropped);
        self.beyond().await?;
        if there > self.placed {
            self.nobodys().await?;
        }
        self.roots(&roots);
        Ok(())
    }

    /// Whether the ledger has a sealed entry, or retention has dropped it.
    async fn is_as_sealed(
        &mut self,
        seal: &Seal,
        consumer: &mut Option<(PhoneNumber, Consumer)>,
    ) -> Result<Stored, EngineError> {
        let (place, key, number) = (seal.sequence + 1, seal.entry.key.clone(), seal.entry.number);
        if let SealedEntry::There { digest, sequence } = seal.stored {
            if digest == seal.entry.digest && sequence == Some(seal.sequence) {
                return Ok(Stored::There);
            }
            self.report.add(LedgerProblem::Changed { place, key, number });
            return Ok(Stored::Wrong);
        }
        let known = match consumer {
            Some((of, known)) if *of == key.consumer => known,
            _ => {
                let (_, known) = self.store.consumer(self.center, key.consumer).await?;
                &mut consumer.insert((key.consumer, known)).1
            }
        };
        let before = known.ledger.account(&key.programme).and_then(|account| account.before);
        let is_dropped = before.is_some_and(|Head { entries, digest }| {
            number < entries || (number == entries && digest == seal.entry.digest)
        });
        if is_dropped {
            return Ok(Stored::Dropped);
        }
        self.report.add(LedgerProblem::Missing { place, key, number });
        Ok(Stored::Wrong)
    }

    /// The sequence ends where the tree does.
    async fn beyond(&mut self) -> Result<(), EngineError> {
        let more = self.store.seals(self.center, self.size, 1).await?;
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
            let is_same = kept.is_some_and(|item| {
                item.read::<frontdesk_tendlc::Digest>().is_ok_and(|kept| kept == root)
            });
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
            let page = self.store.seals(self.center, from, PAGE).await?;
            let Some(last) = page.last() else { return Ok(()) };
            from = last.sequence + 1;
            for seal in page {
                let (key, number) = (seal.entry.key, seal.entry.number);
                if seal.stored == SealedEntry::Missing {
                    continue;
                }
                let (_, known) = self.store.consumer(self.center, key.consumer).await?;
                let account = known.ledger.account(&key.programme);
                if account.is_none_or(|account| account.head.entries < number) {
                    self.report.add(LedgerProblem::Nobodys { key, number });
                }
            }
        }
        Ok(())
    }

    /// Each head by the root over its entries.
    fn roots(&mut self, roots: &[(u64, frontdesk_tendlc::Digest)]) {
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

    async fn unsealed(&self) -> Result<u64, EngineError> {
        Ok(self.store.unsealed(self.center, usize::MAX).await?.len() as u64)
    }
}

/// The fate of a sealed entry.
enum Stored {
    /// It was dropped by retention.
    Dropped,
    /// It is there.
    There,
    /// It is not what it was: that was told.
    Wrong,
}

/// Heads by their signatures and by those who have them, and the log.
impl Look<'_> {
    async fn heads(&mut self) -> Result<(), EngineError> {
        let keys = self.settings.verifiers();
        let (mut covered, mut signed_before) = (0, false);
        for AnchoredHead { head, anchors } in std::mem::take(&mut self.kept) {
            let (size, at) = (head.head().size, head.head().at);
            let signed_by: Vec<String> = keys
                .iter()
                .filter(|key| key.verifies(&head))
                .map(|key| key.name().to_owned())
                .collect();
            // Heads from before there was a key have none.
            if signed_by.is_empty() && (signed_before || head.signers().next().is_some()) {
                self.report.add(LedgerProblem::Signature { size });
            }
            signed_before |= !signed_by.is_empty();
            let mut reports = Vec::new();
            for kept in &anchors {
                let name = kept.anchor.clone();
                let Some(anchor) = self.settings.anchor(&name) else {
                    reports.push(AnchorReport { name, at: kept.at, checked: false });
                    continue;
                };
                match anchor.check(&head, &kept.receipt).await {
                    Ok(stamp) => {
                        if let Some(stamp) = stamp.filter(|stamp| *stamp + CLOCKS < at) {
                            let (anchor, at) = (name.clone(), at);
                            self.report.add(LedgerProblem::Clocks { size, anchor, stamp, at });
                        }
                        reports.push(AnchorReport { name, at: stamp, checked: true });
                    }
                    Err(error) => {
                        let error = error.to_string();
                        self.report.add(LedgerProblem::Anchor { size, anchor: name, error });
                    }
                }
            }
            if !reports.is_empty() && size > covered {
                let anchors = reports.iter().map(|anchor| anchor.name.clone()).collect();
                let coverage = Coverage { from: covered + 1, to: size, head: Some(size), anchors };
                self.report.coverage.push(coverage);
                covered = size;
            }
            self.report.heads.push(HeadReport { size, at, signed_by, anchors: reports });
        }
        if self.report.sealed > covered {
            let (from, to) = (covered + 1, self.report.sealed);
            let (head, anchors) = (None, Vec::new());
            self.report.coverage.push(Coverage { from, to, head, anchors });
        }
        self.given_back().await
    }

    /// The heads that anchors give back, against those that are kept: of each size there is one.
    async fn given_back(&mut self) -> Result<(), EngineError> {
        let sizes: BTreeSet<u64> = self.report.heads.iter().map(|head| head.size).collect();
        let last = self.sealer().last_head().await;
        let kept = kept_heads(self.store, self.center).await?;
        let kept: Vec<AnchoredHead> = kept.into_iter().flatten().collect();
        let is_last = |LastHead { size, at }: LastHead| {
            let head = kept.iter().find(|kept| kept.head.head().size == size);
            head.is_some_and(|kept| kept.head.head().at == at)
        };
        let is_kept = match &last {
            Ok((_, last)) => last.map_or(kept.is_empty(), is_last),
            Err(_) => false,
        };
        if !is_kept {
            self.report.add(LedgerProblem::Node { node: "the last head".into() });
        }
        for anchor in &self.settings.anchors {
            let given = match anchor.heads().await {
                Ok(given) => given,
                Err(error) => {
                    let (anchor, error) = (anchor.name().to_owned(), error.to_string());
                    self.report.add(LedgerProblem::Anchor { size: self.size, anchor, error });
                    continue;
                }
            };
            for head in given {
                let size = head.head().size;
                let is_kept = kept.iter().any(|kept| kept.head == head);
                if !is_kept && (size <= self.size || !sizes.contains(&size)) {
                    let anchor = anchor.name().to_owned();
                    self.report.add(LedgerProblem::AnchoredElsewise { size, anchor });
                }
            }
        }
        Ok(())
    }

    async fn log(&mut self) -> Result<(), EngineError> {
        let logged = Logged { store: self.store, center: self.center };
        for problem in logged.without_entry().await? {
            self.report.add(problem);
        }
        Ok(())
    }
}
