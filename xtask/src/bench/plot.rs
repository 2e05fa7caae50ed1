//! A group as a picture: a bar for each contestant, a row of bars for each figure.

use std::path::Path;

use anyhow::{Result, anyhow};
use plotters::prelude::*;

use super::contest::{Contest, Figures, Metric};

const WIDTH: u32 = 880;
const BAR: i32 = 22;
const LABELS: i32 = 230;
const OWN: RGBColor = RGBColor(84, 56, 220);
const OTHERS: RGBColor = RGBColor(170, 170, 182);
const INK: RGBColor = RGBColor(45, 42, 60);

/// Draws the figures of a group; each row of bars has a scale of its own.
///
/// # Errors
/// When the file cannot be written.
pub(super) fn write(contest: &Contest, results: &[Figures], path: &Path) -> Result<()> {
    let shown: Vec<usize> = (contest.own()..contest.contestants.len()).collect();
    let row = i32::try_from(shown.len())? * BAR + 44;
    let height = i32::try_from(contest.metrics.len())? * row + 44;
    let area = SVGBackend::new(path, (WIDTH, u32::try_from(height)?)).into_drawing_area();
    area.fill(&WHITE).map_err(failed)?;
    text(&area, contest.title, (14, 12), 18)?;
    for (index, metric) in contest.metrics.iter().enumerate() {
        let top = 44 + i32::try_from(index)? * row;
        text(&area, &format!("{} ({})", metric.header, metric.unit), (14, top), 14)?;
        bars(&area, contest, results, metric, &shown, top + 22)?;
    }
    area.present().map_err(failed)
}

type Area<'a> = DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;

fn bars(
    area: &Area<'_>,
    contest: &Contest,
    results: &[Figures],
    metric: &Metric,
    shown: &[usize],
    top: i32,
) -> Result<()> {
    let values: Vec<f64> =
        shown.iter().map(|index| contest.value(metric, results, *index).unwrap_or(0.0).max(0.0)).collect();
    let longest = values.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    let room = f64::from(WIDTH) - f64::from(LABELS) - 110.0;
    for (at, (index, value)) in (0..).zip(shown.iter().zip(&values)) {
        let y = top + at * BAR;
        let label = contest.contestants.get(*index).map_or("", |contestant| contestant.label.as_str());
        text(area, label, (24, y + 3), 13)?;
        let end = LABELS + (value / longest * room).round() as i32;
        let color = if *index == contest.own() { OWN } else { OTHERS };
        let bar = Rectangle::new([(LABELS, y), (end.max(LABELS + 1), y + BAR - 5)], color.filled());
        area.draw(&bar).map_err(failed)?;
        text(area, &format!("{value:.2}"), (end + 6, y + 3), 13)?;
    }
    Ok(())
}

fn text(area: &Area<'_>, words: &str, at: (i32, i32), size: i32) -> Result<()> {
    area.draw_text(words, &("sans-serif", size).into_font().color(&INK), at).map_err(failed)
}

fn failed(error: impl std::fmt::Display) -> anyhow::Error {
    anyhow!("cannot draw: {error}")
}
