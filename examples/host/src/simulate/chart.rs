//! A day, hour by hour, as a picture: how many came as bars, how long they waited as a line.

use frontdesk_routing::simulation::Report;
use plotters::prelude::*;

const SIZE: (u32, u32) = (900, 420);
const CAME: RGBColor = RGBColor(0x9a, 0xb8, 0xd8);
const WAITED: RGBColor = RGBColor(0xb0, 0x3a, 0x2e);

/// Draws it.
pub(super) fn svg(report: &Report) -> Result<String, String> {
    let mut svg = String::new();
    draw(&mut svg, report).map_err(|error| error.to_string())?;
    Ok(svg)
}

fn draw(svg: &mut String, report: &Report) -> Result<(), Box<dyn std::error::Error>> {
    let area = SVGBackend::with_string(svg, SIZE).into_drawing_area();
    area.fill(&WHITE)?;
    let most = report.hours.iter().map(|hour| hour.arrived).max().unwrap_or(0).max(1);
    let waits = || report.hours.iter().map(|hour| Some(hour.mean_wait()? / 60.0));
    let longest = waits().flatten().fold(1.0, f64::max);
    let mut chart = ChartBuilder::on(&area)
        .caption("Chats and waits by the hour of arrival", ("sans-serif", 18))
        .margin(12)
        .x_label_area_size(36)
        .y_label_area_size(56)
        .right_y_label_area_size(56)
        .build_cartesian_2d(0_u32..24_u32, 0_u64..most + most / 10 + 1)?
        .set_secondary_coord(0.0_f64..24.0, 0.0..longest * 1.1);
    chart
        .configure_mesh()
        .disable_x_mesh()
        .x_labels(24)
        .x_desc("hour")
        .y_desc("chats (bars)")
        .draw()?;
    chart.configure_secondary_axes().y_desc("mean wait in minutes (line)").draw()?;
    let hours = (0_u32..).zip(&report.hours);
    chart.draw_series(
        hours.map(|(at, hour)| Rectangle::new([(at, 0), (at + 1, hour.arrived)], CAME.filled())),
    )?;
    let middle = (0_u32..).map(|at| f64::from(at) + 0.5);
    // In an hour in which nobody got an agent there is no wait to tell.
    let told = middle.zip(waits()).filter_map(|(at, wait)| Some((at, wait?)));
    chart.draw_secondary_series(LineSeries::new(told, WAITED.stroke_width(2)))?;
    area.present()?;
    Ok(())
}
