//! A day in numbers.

use frontdesk_routing::simulation::{Report, Tally};
use serde_json::{Value, json};

/// For programs.
pub(super) fn json(report: &Report, threshold: u32) -> Value {
    let of = |tally: &Tally| {
        json!({
            "arrived": tally.arrived,
            "served": tally.served,
            "abandoned": tally.abandoned,
            "service_level": tally.service_level(),
            "mean_wait": tally.mean_wait(),
            "median_wait": tally.quantile(0.5),
            "wait_95": tally.quantile(0.95),
            "longest_wait": tally.quantile(1.0),
        })
    };
    let queue = |(id, tally): (&frontdesk::types::QueueId, &Tally)| {
        let mut queue = of(tally);
        queue["occupancy"] = json!(report.occupancy.get(id));
        (id.to_string(), queue)
    };
    json!({
        "threshold": threshold,
        "queues": report.queues.iter().map(queue).collect::<serde_json::Map<_, _>>(),
        "hours": report.hours.iter().map(of).collect::<Vec<_>>(),
        "decisions": report.decisions,
        "estimate_error": report.estimate_error,
    })
}

/// For people.
pub(super) fn table(report: &Report, threshold: u32) -> String {
    let within = format!("in {threshold} s");
    let head = [
        "queue", "came", "served", "gave up", "mean", "median", "95 %", "longest", &within, "busy",
    ];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for (id, tally) in &report.queues {
        rows.push(vec![
            id.to_string(),
            tally.arrived.to_string(),
            tally.served.to_string(),
            percent(tally.abandonment()),
            time(tally.mean_wait()),
            time(tally.quantile(0.5)),
            time(tally.quantile(0.95)),
            time(tally.quantile(1.0)),
            percent(tally.service_level()),
            percent(report.occupancy.get(id).copied()),
        ]);
    }
    let mut text = aligned(&rows);
    if let Some(error) = report.estimate_error {
        let error = time(Some(error));
        text.push_str(&format!("\nestimated waits were off by {error} on average\n"));
    }
    text
}

fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max()
    };
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    let mut text = String::new();
    for row in rows {
        for (i, (cell, width)) in row.iter().zip(&widths).enumerate() {
            if i == 0 {
                text.push_str(&format!("{cell:<width$}"));
            } else {
                text.push_str(&format!("  {cell:>width$}"));
            }
        }
        text.push('\n');
    }
    text
}

fn percent(part: Option<f64>) -> String {
    part.map_or_else(|| "–".to_owned(), |part| format!("{:.1} %", part * 100.0))
}

fn time(seconds: Option<f64>) -> String {
    match seconds {
        None => "–".to_owned(),
        Some(seconds) if seconds < 99.5 => format!("{seconds:.0} s"),
        Some(seconds) => format!("{:.1} min", seconds / 60.0),
    }
}
