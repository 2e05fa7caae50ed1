//! What the requests of one run of an agent used, all together.

use std::{
    ptr,
    sync::{Mutex, PoisonError},
};

use super::{kind::Kind, usage::Usage};
use crate::attributes::Attributes;

/// One run of an agent, as the spans directly inside of it see it: a nested agent's run is one of its own.
///
/// Spans are read in the order in which they end, and an agent ends after its requests, so its sum is
/// complete when it is read itself.
#[derive(Debug, Default)]
pub struct AgentRun(Mutex<Usage>);

impl PartialEq for AgentRun {
    fn eq(&self, other: &Self) -> bool {
        ptr::eq(self, other)
    }
}

impl AgentRun {
    /// Takes what a request used; gives an agent what its requests used, unless somebody said it already.
    pub(super) fn settle(&self, kind: &Kind, attributes: &mut Attributes) {
        let mut sum = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let said = Usage::of(attributes);
        if kind.is_request() {
            // An embedding counts one half only, and that is all of it.
            let halves = said.input.into_iter().chain(said.output).reduce(i64::saturating_add);
            *sum = sum.plus(Usage { total: said.total.or(halves), ..said });
        } else if kind.is_agent() && said == Usage::default() {
            for (key, count) in sum.attributes() {
                attributes.set(key, count);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn used(counts: &[(&'static str, i64)]) -> Attributes {
        let mut attributes = Attributes::default();
        for (key, count) in counts {
            attributes.set(*key, *count);
        }
        attributes
    }

    #[test]
    fn an_agent_is_the_sum_of_its_requests() {
        let run = AgentRun::default();
        let request = Kind::of_call("chat").unwrap();
        run.settle(
            &request,
            &mut used(&[("gen_ai.usage.input_tokens", 5), ("gen_ai.usage.output_tokens", 2)]),
        );
        run.settle(&request, &mut used(&[("gen_ai.usage.input_tokens", 7)]));
        run.settle(&Kind::ExecuteTool, &mut used(&[("gen_ai.usage.input_tokens", 100)]));
        let mut agent = Attributes::default();
        run.settle(&Kind::InvokeAgent, &mut agent);
        let sum = [
            ("gen_ai.usage.input_tokens", 12),
            ("gen_ai.usage.output_tokens", 2),
            ("gen_ai.usage.total_tokens", 14),
        ];
        assert_eq!(agent, used(&sum));
    }

    #[test]
    fn what_was_said_of_an_agent_stays() {
        let run = AgentRun::default();
        let request = Kind::of_call("chat").unwrap();
        run.settle(&request, &mut used(&[("gen_ai.usage.input_tokens", 5)]));
        let mut agent = used(&[("gen_ai.usage.output_tokens", 1)]);
        run.settle(&Kind::InvokeAgent, &mut agent);
        assert_eq!(agent, used(&[("gen_ai.usage.output_tokens", 1)]));
    }
}
