//! Generate: a text for a prompt.

use serde_json::{Value, json};

use super::{finish, piece};
use crate::vendor::answers::Answer;
use crate::vendor::ask::{Ask, Incoming, Message, named};
use crate::vendor::dialect::{Event, Rendered};
use crate::vendor::failure::Failure;
use crate::vendor::json::{set, text};
use crate::vendor::usage::Tokens;

/// Stands for the tokens of the conversation, which a client may hand back.
const CONTEXT: [u32; 3] = [1, 2, 3];

pub(super) fn read(incoming: Incoming) -> Result<Ask, Failure> {
    let body = incoming.body.clone();
    let system = named(&body, "/system").map(|text| Message::new("system", text));
    let prompt = Message::new("user", text(&body, "/prompt"));
    Ok(Ask { messages: system.into_iter().chain([prompt]).collect(), ..super::read(incoming)? })
}

pub(super) fn render(ask: &Ask) -> (Tokens, Rendered) {
    let answer = Answer::to(ask);
    let tokens = Tokens::of(ask, &answer);
    let finish = |piece: Value| {
        let mut last = finish(piece, &answer, &tokens);
        set(&mut last, "context", json!(CONTEXT));
        last
    };
    let thinking = |mut piece: Value| {
        if let Some(thought) = &answer.thought {
            set(&mut piece, "thinking", json!(thought));
        }
        piece
    };
    if !ask.stream {
        let whole = finish(thinking(piece(ask, "response", &json!(answer.text()))));
        return (tokens, Rendered::Whole(whole));
    }
    let thought = answer.thought.iter().map(|_| thinking(piece(ask, "response", &json!(""))));
    let said = answer.pieces.iter().map(|said| piece(ask, "response", &json!(said)));
    let last = finish(piece(ask, "response", &json!("")));
    (tokens, Rendered::Stream(thought.chain(said).chain([last]).map(Event::unnamed).collect()))
}
