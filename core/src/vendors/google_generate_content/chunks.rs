//! Chunks of a streamed answer -> one answer a candidate.

use super::{
    Answer, Chunks, Counts, MAX_CHOICES, Node, Reading, arguments::Arguments, block_reason, finish_reason,
    read_parts, short_name, tell,
};
use crate::vendors::numbered::Numbered;

/// The candidates as far as they came.
#[derive(Clone, Debug, Default)]
pub(super) struct Candidates {
    id: Option<String>,
    model: Option<String>,
    counts: Counts,
    block_reason: Option<String>,
    candidates: Numbered<Candidate>,
}

impl Chunks for Candidates {
    fn push(&mut self, chunk: Node<'_>) -> bool {
        let mut has_content = false;
        for (key, value) in chunk.members() {
            match &*key.text() {
                "candidates" => has_content |= self.take(value),
                "usageMetadata" | "usage_metadata" => self.counts.take(value),
                "modelVersion" | "model_version" if self.model.is_none() => {
                    self.model = value.words().map(|name| short_name(&name).to_owned());
                }
                "responseId" | "response_id" if self.id.is_none() => {
                    self.id = value.words().map(Into::into);
                }
                "promptFeedback" | "prompt_feedback" => {
                    self.block_reason = block_reason(chunk).map(Into::into);
                }
                _ => {}
            }
        }
        has_content
    }

    fn finish(mut self: Box<Self>, reading: &mut Reading) {
        for (text, key) in [(self.model, "gen_ai.response.model"), (self.id, "gen_ai.response.id")] {
            if let Some(text) = text {
                reading.attributes.set(key, text);
            }
        }
        reading.usage = self.counts.usage();
        self.candidates.values_mut().for_each(Candidate::end_call);
        let reasons =
            self.candidates.values().filter_map(|candidate| candidate.answer.finish_reason.as_ref());
        reading.finish_reasons(reasons.chain(&self.block_reason).map(Into::into));
        if reading.keep.outputs {
            reading.removed.messages += self.candidates.surplus();
            let candidates = self.candidates.values();
            let answers = candidates.map(|candidate| candidate.answer.message(reading)).collect();
            tell(answers, reading);
        }
    }
}

impl Candidates {
    fn take(&mut self, candidates: Node<'_>) -> bool {
        let mut has_content = false;
        for (position, candidate) in (0..).zip(candidates.items()) {
            let index = candidate.get("index").i64().and_then(|index| u64::try_from(index).ok());
            let index = index.unwrap_or(position);
            if let Some(known) = self.candidates.get_or_insert(index, MAX_CHOICES, Candidate::default) {
                has_content |= known.take(candidate);
            }
        }
        has_content
    }
}

/// One candidate as far as it came.
#[derive(Clone, Debug, Default)]
struct Candidate {
    answer: Answer,
    /// What the last part is, where more of the same goes on with it.
    last: Option<Growing>,
    /// The call whose arguments come bit by bit, and what came of them.
    call: Option<(u64, Arguments)>,
}

/// A part that the next piece may go on with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Growing {
    Text,
    Thought,
}

impl Candidate {
    fn take(&mut self, candidate: Node<'_>) -> bool {
        if let Some(reason) = finish_reason(candidate) {
            self.answer.finish_reason = Some(reason.into_owned());
        }
        let mut has_content = false;
        for part in candidate.at(&["content", "parts"]).items() {
            has_content |= self.take_part(part);
        }
        has_content
    }

    fn take_part(&mut self, part: Node<'_>) -> bool {
        let (mut text, mut is_thought, mut call) = (Node::MISSING, false, Node::MISSING);
        for (key, value) in part.members() {
            match &*key.text() {
                "text" => text = value,
                "thought" => is_thought = value.bool() == Some(true),
                "functionCall" | "function_call" => call = value,
                _ => {}
            }
        }
        if let Some(text) = text.str() {
            return self.go_on(if is_thought { Growing::Thought } else { Growing::Text }, &text);
        }
        let is_partial =
            call.any(&["partialArgs", "partial_args", "willContinue", "will_continue"]).is_some();
        if call.is_object() && (is_partial || self.call.is_some()) {
            return self.go_on_with_call(call);
        }
        self.last = None;
        self.answer.whole(self.answer.next(), &read_parts(part));
        true
    }

    /// Goes on with the last part, or begins the next one.
    fn go_on(&mut self, what: Growing, text: &str) -> bool {
        if text.is_empty() {
            return false;
        }
        let next = self.answer.next();
        let number = if self.last == Some(what) { next.saturating_sub(1) } else { next };
        self.last = Some(what);
        match what {
            Growing::Text => self.answer.text(number, text),
            Growing::Thought => self.answer.reasoning(number, text),
        }
    }

    /// A call whose arguments are streamed (Vertex AI, `streamFunctionCallArguments`): its name comes first,
    /// the last piece does not say that it will go on.
    fn go_on_with_call(&mut self, piece: Node<'_>) -> bool {
        self.last = None;
        if piece.get("name").words().is_some() {
            self.end_call();
            let number = self.answer.next();
            if let Some(call) = self.answer.call(number) {
                call.push(piece.get("id"), piece.get("name"), Node::MISSING);
                self.call = Some((number, Arguments::default()));
            }
        }
        if let Some((_, arguments)) = &mut self.call {
            let bits = piece.any(&["partialArgs", "partial_args"]).items();
            self.answer.lose(bits.map(|bit| arguments.take(bit)).sum());
        }
        if piece.any(&["willContinue", "will_continue"]).bool() != Some(true) {
            self.end_call();
        }
        true
    }

    fn end_call(&mut self) {
        if let Some((number, arguments)) = self.call.take()
            && let Some(call) = self.answer.call(number)
        {
            call.arguments = arguments.finish();
        }
    }
}
