//! Shell calls and their outputs, which come command by command -> the items that would have come at once.
//! Source: the API reference, "Streaming events" of responses (`shell_call_command`, `shell_call_output_content`).

use super::{Node, Object};
use crate::{
    config::MAX_PIECES,
    json::{Doc, list, quote},
    vendors::{answer::grow, numbered::Numbered},
};

/// One item, a call or an output, as far as it came.
#[derive(Clone, Debug)]
pub(super) struct Shell {
    /// Where it stands in the answer.
    pub place: u64,
    pub id: Option<String>,
    commands: Numbered<String>,
    outputs: Numbered<Output>,
    /// Characters that there was no room for.
    pub removed: usize,
}

/// What a command wrote: bit by bit, or all of it as the JSON of its items.
#[derive(Clone, Debug, Default)]
struct Output {
    stdout: String,
    stderr: String,
    whole: String,
}

impl Shell {
    pub fn new(place: u64) -> Self {
        Self { place, id: None, commands: Numbered::default(), outputs: Numbered::default(), removed: 0 }
    }

    /// Takes more of a command, true when that is something; `whole` stands in where its bits did not come.
    pub fn command(&mut self, number: u64, more: &str, whole: &str) -> bool {
        let Some(command) = self.commands.get_or_insert(number, MAX_PIECES, String::new) else { return true };
        let more = if command.is_empty() && more.is_empty() { whole } else { more };
        self.removed += grow(command, more);
        !more.is_empty()
    }

    /// Takes more of what a command wrote, or all of it; true when that is something.
    pub fn output(&mut self, number: u64, more: Node<'_>, whole: Node<'_>) -> bool {
        let [stdout, stderr] = ["stdout", "stderr"].map(|name| more.get(name).str().unwrap_or_default());
        let Some(output) = self.outputs.get_or_insert(number, MAX_PIECES, Output::default) else {
            return true;
        };
        let is_late = output.stdout.is_empty() && output.stderr.is_empty();
        self.removed += grow(&mut output.stdout, &stdout) + grow(&mut output.stderr, &stderr);
        if whole.items().next().is_some() {
            // Without its brackets: it stands among those of the other commands.
            let json = whole.compact();
            json.get(1..json.len().saturating_sub(1)).unwrap_or_default().clone_into(&mut output.whole);
            return is_late;
        }
        !(stdout.is_empty() && stderr.is_empty())
    }

    /// Hands over the item as OpenAI would have written it, if anything of it came.
    pub fn read(&self, then: impl FnOnce(Node<'_>)) {
        let mut json = String::new();
        let item = Object::begin(&mut json).maybe("call_id", self.id.as_deref());
        if !self.commands.is_empty() {
            let commands = |out: &mut String| list(out, self.commands.values(), |out, text| quote(out, text));
            item.text("type", "shell_call")
                .text("status", "in_progress")
                .member("action", |out| Object::begin(out).member("commands", commands).end())
                .end();
        } else if !self.outputs.is_empty() {
            item.text("type", "shell_call_output")
                .member("output", |out| list(out, self.outputs.values(), |out, output| output.write(out)))
                .end();
        } else {
            return;
        }
        if let Some(doc) = Doc::parse(json.as_bytes()) {
            then(doc.root());
        }
    }
}

impl Output {
    fn write(&self, out: &mut String) {
        if self.whole.is_empty() {
            Object::begin(out).text("stdout", &self.stdout).text("stderr", &self.stderr).end();
        } else {
            out.push_str(&self.whole);
        }
    }
}
