//! Programs that do the same work, run in turn, and the medians of what they say.

use std::collections::BTreeMap;
use std::process::Command;

use anyhow::{Context, Result};

use crate::command::capture;

/// What a figure means, and how it is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Metric {
    /// Its name in the JSON that a program prints.
    pub key: &'static str,
    pub header: &'static str,
    pub unit: &'static str,
    /// What one of its unit is in the program's.
    pub scale: f64,
    /// Whether the first contestant does the work without anybody watching, and only what is more counts.
    pub is_added: bool,
}

/// One that does the work.
#[derive(Debug)]
pub(super) struct Contestant {
    pub label: String,
    pub command: Command,
}

/// A group of the report.
#[derive(Debug)]
pub(super) struct Contest {
    pub name: &'static str,
    pub title: &'static str,
    /// What is measured, in words, and what the goals are.
    pub text: &'static str,
    pub metrics: Vec<Metric>,
    /// Spanwire comes first, or second where the first one is the work alone.
    pub contestants: Vec<Contestant>,
}

/// The medians of one contestant, by the keys of the metrics.
pub(super) type Figures = BTreeMap<String, f64>;

impl Contest {
    /// Runs every program that often, in turn; the figures are medians, in the order of the contestants.
    ///
    /// # Errors
    /// When a program fails or prints no figures.
    pub(super) fn run(&self, rounds: usize) -> Result<Vec<Figures>> {
        let mut all: Vec<Vec<Figures>> = self.contestants.iter().map(|_| Vec::new()).collect();
        for round in 1..=rounds {
            for (contestant, results) in self.contestants.iter().zip(&mut all) {
                eprintln!("   {round}/{rounds} {}", contestant.label);
                results.push(contestant.figures()?);
            }
        }
        Ok(all.iter().map(|results| medians(results)).collect())
    }

    /// Where Spanwire stands among the contestants.
    pub(super) fn own(&self) -> usize {
        usize::from(self.has_baseline())
    }

    pub(super) fn has_baseline(&self) -> bool {
        self.metrics.iter().any(|metric| metric.is_added)
    }

    /// What a contestant's figure is in the metric's unit, without the work itself.
    pub(super) fn value(&self, metric: &Metric, results: &[Figures], index: usize) -> Option<f64> {
        let figure = |index: usize| results.get(index)?.get(metric.key).copied();
        let own = figure(index)?;
        let base = if metric.is_added { figure(0)? } else { 0.0 };
        Some((own - base) / metric.scale)
    }
}

impl Contestant {
    fn figures(&self) -> Result<Figures> {
        let mut command = Command::new(self.command.get_program());
        command.args(self.command.get_args());
        command.envs(self.command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        if let Some(folder) = self.command.get_current_dir() {
            command.current_dir(folder);
        }
        let printed = capture(&mut command)?;
        let line = printed.lines().last().unwrap_or_default();
        serde_json::from_str(line).with_context(|| format!("{} printed {line:?}", self.label))
    }
}

fn medians(results: &[Figures]) -> Figures {
    let keys = results.first().into_iter().flat_map(BTreeMap::keys);
    keys.map(|key| (key.clone(), median(results.iter().filter_map(|one| one.get(key).copied()).collect())))
        .collect()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match (values.get(middle), values.get(middle.wrapping_sub(1))) {
        (Some(upper), Some(lower)) if values.len().is_multiple_of(2) => f64::midpoint(*upper, *lower),
        (Some(value), _) => *value,
        (None, _) => f64::NAN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_are_in_the_middle() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![4.0, 1.0, 2.0, 3.0]), 2.5);
        let rounds = [1.0, 9.0, 2.0].map(|value| Figures::from([("a".to_owned(), value)]));
        assert_eq!(medians(&rounds), Figures::from([("a".to_owned(), 2.0)]));
    }
}
