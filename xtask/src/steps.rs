//! Steps that need each other: announced, timed, counted.

use std::collections::BTreeSet;
use std::time::Instant;

use anyhow::Result;

/// One step, and the names of the steps without which it cannot run.
#[derive(Debug)]
pub(crate) struct Step<F> {
    pub name: &'static str,
    pub needs: &'static [&'static str],
    pub run: F,
}

/// The wanted steps with everything that they need, in the order of the list.
pub(crate) fn select<'a, F>(steps: &'a [Step<F>], wanted: &[&str]) -> Vec<&'a Step<F>> {
    let mut names: BTreeSet<&str> = wanted.iter().copied().collect();
    // A step stands below what it needs, so one pass from the end finds them all.
    for step in steps.iter().rev() {
        if names.contains(step.name) {
            names.extend(step.needs);
        }
    }
    steps.iter().filter(|step| names.contains(step.name)).collect()
}

/// Runs the steps in their order; true when all passed. A failed step keeps only those back that need
/// it. The last line says how many passed.
pub(crate) fn run<F: Fn() -> Result<()>>(steps: &[&Step<F>]) -> bool {
    let all = Instant::now();
    let mut failed: Vec<&str> = Vec::new();
    for step in steps {
        let missing: Vec<&str> = step.needs.iter().copied().filter(|need| failed.contains(need)).collect();
        let ok = if missing.is_empty() {
            announced(step)
        } else {
            eprintln!("\n== {}: not run, because of: {}", step.name, missing.join(", "));
            false
        };
        if !ok {
            failed.push(step.name);
        }
    }
    eprintln!("\nAll steps together: {:.1} s", all.elapsed().as_secs_f64());
    if !failed.is_empty() {
        eprintln!("Failed: {}", failed.join(", "));
    }
    println!("{} passed, {} failed", steps.len() - failed.len(), failed.len());
    failed.is_empty()
}

fn announced<F: Fn() -> Result<()>>(step: &Step<F>) -> bool {
    eprintln!("\n== {}", step.name);
    let start = Instant::now();
    let result = (step.run)();
    let seconds = start.elapsed().as_secs_f64();
    match &result {
        Ok(()) => eprintln!("== {}: passed in {seconds:.1} s", step.name),
        Err(error) => eprintln!("== {}: FAILED after {seconds:.1} s: {error:#}", step.name),
    }
    result.is_ok()
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    fn names<F>(steps: &[&Step<F>]) -> Vec<&'static str> {
        steps.iter().map(|step| step.name).collect()
    }

    #[test]
    fn a_step_brings_along_what_it_needs() {
        let step = |name, needs| Step { name, needs, run: () };
        let steps =
            [step("tools", &[]), step("wheel", &["tools"]), step("lint", &[]), step("suite", &["wheel"])];
        assert_eq!(names(&select(&steps, &["suite"])), ["tools", "wheel", "suite"]);
        assert_eq!(names(&select(&steps, &["lint"])), ["lint"]);
    }

    #[test]
    fn a_failure_keeps_back_what_needs_it_and_nothing_else() {
        let ran = RefCell::new(Vec::new());
        let make = |name: &'static str, needs: &'static [&'static str], ok: bool| {
            let ran = &ran;
            let run = move || {
                ran.borrow_mut().push(name);
                if ok { Ok(()) } else { anyhow::bail!("broken") }
            };
            Step { name, needs, run }
        };
        let steps = [
            make("wheel", &[], false),
            make("suite", &["wheel"], true),
            make("report", &["suite"], true),
            make("lint", &[], true),
        ];
        assert!(!run(&steps.iter().collect::<Vec<_>>()));
        assert_eq!(*ran.borrow(), ["wheel", "lint"]);
    }

    #[test]
    fn all_passed_is_said() {
        assert!(run(&[&Step { name: "one", needs: &[], run: || Ok(()) }]));
    }
}
