//! The groups as sections of a Markdown file, each between two comments, so that one can be measured alone.

use std::fmt::Write as _;

use super::contest::{Contest, Figures};
use super::groups::machine;

/// More figures than these stand below each other.
const MOST_COLUMNS: usize = 10;

/// A group's section: what was measured, a table, and how to measure it again.
pub(super) fn section(contest: &Contest, results: &[Figures], rounds: usize) -> String {
    let mut text = format!("## {}\n{}\n\n", contest.title, contest.text);
    let rows = table(contest, results);
    let rows = if contest.metrics.len() > MOST_COLUMNS { turned(&rows) } else { rows };
    for (index, row) in rows.iter().enumerate() {
        let cells =
            row.iter().map(|cell| if cell.is_empty() { " |".to_owned() } else { format!(" {cell} |") });
        let _ = writeln!(text, "|{}", cells.collect::<String>());
        if index == 0 {
            let _ = writeln!(text, "|{}", "---|".repeat(row.len()));
        }
    }
    let (command, machine) = (format!("cargo xtask bench {}", contest.name), machine());
    let _ = write!(text, "\n`{command}`: medians of {rounds} rounds, in turn, on {machine}.\n");
    let _ = write!(text, "\n![{}](docs/bench/{}.svg)\n", contest.title, contest.name);
    text
}

/// A column for each figure, a row for each contestant.
fn table(contest: &Contest, results: &[Figures]) -> Vec<Vec<String>> {
    let headers = contest.metrics.iter().map(|metric| format!("{} ({})", metric.header, metric.unit));
    let mut rows = vec![[String::new()].into_iter().chain(headers).collect()];
    for (index, contestant) in contest.contestants.iter().enumerate().skip(contest.own()) {
        let cells = contest.metrics.iter().map(|metric| {
            let (value, own) =
                (contest.value(metric, results, index), contest.value(metric, results, contest.own()));
            cell(value, own.filter(|_| index != contest.own()))
        });
        rows.push([contestant.label.clone()].into_iter().chain(cells).collect());
    }
    rows
}

/// The same with rows for columns.
fn turned(rows: &[Vec<String>]) -> Vec<Vec<String>> {
    let width = rows.first().map_or(0, Vec::len);
    (0..width).map(|at| rows.iter().filter_map(|row| row.get(at).cloned()).collect()).collect()
}

/// A figure with two or three digits that count, and how often Spanwire's goes into it.
fn cell(value: Option<f64>, own: Option<f64>) -> String {
    let Some(value) = value else { return String::new() };
    let shown = match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    };
    match own {
        Some(own) if own > 0.0 && value > 0.0 => format!("{shown} ({:.1} times)", value / own),
        _ => shown,
    }
}

/// The file with this section in the place of the one of that name, or at its end.
pub(super) fn with_section(text: &str, name: &str, section: &str) -> String {
    let (begin, end) = (format!("<!-- bench {name} -->\n"), format!("<!-- end of {name} -->\n"));
    let marked = format!("{begin}{section}{end}");
    match text.split_once(&begin).and_then(|(before, rest)| Some((before, rest.split_once(&end)?.1))) {
        Some((before, after)) => format!("{before}{marked}{after}"),
        None => format!("{}\n\n{marked}", text.trim_end()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_replaced_and_the_others_stay() {
        let once = with_section("# Title\n", "a", "old\n");
        let both = with_section(&once, "b", "other\n");
        let again = with_section(&both, "a", "new\n");
        assert_eq!(again, both.replace("old", "new"));
        assert!(again.starts_with("# Title\n\n<!-- bench a -->\nnew\n<!-- end of a -->\n"));
    }

    #[test]
    fn a_wide_table_is_turned() {
        let owned = |rows: &[&[&str]]| -> Vec<Vec<String>> {
            rows.iter().map(|row| row.iter().map(|&cell| cell.to_owned()).collect()).collect()
        };
        let rows = owned(&[&["", "a", "b"], &["spanwire", "1", "2"]]);
        assert_eq!(turned(&rows), owned(&[&["", "spanwire"], &["a", "1"], &["b", "2"]]));
    }

    #[test]
    fn cells_say_how_often_spanwire_goes_into_a_figure() {
        assert_eq!(cell(Some(47.66), Some(5.8)), "47.7 (8.2 times)");
        assert_eq!(cell(Some(5.8), None), "5.80");
        assert_eq!(cell(Some(-1.0), Some(5.8)), "-1.00");
        assert_eq!(cell(None, None), "");
    }
}
