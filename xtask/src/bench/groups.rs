//! The groups: which work, which contestants, which figures.

use std::fs;
use std::process::Command;

use super::Group;
use super::contest::{Contest, Contestant, Metric};
use crate::command::{capture, cargo};
use crate::servers::Servers;
use crate::workspace::{Workspace, venv_program};

const CALLER: Metric = time("caller_ns", "caller's thread, a span", "µs", 1e3);
const PROCESS: Metric = time("process_ns", "whole process, a span", "µs", 1e3);
const BYTES: Metric = time("bytes", "bytes, a span", "B", 1.0);

const fn time(key: &'static str, header: &'static str, unit: &'static str, scale: f64) -> Metric {
    Metric { key, header, unit, scale, is_added: false }
}

const fn added(key: &'static str, header: &'static str, unit: &'static str, scale: f64) -> Metric {
    Metric { key, header, unit, scale, is_added: true }
}

/// A group, with the commands of its contestants.
pub(super) fn contest(workspace: &Workspace, group: Group, servers: &Servers) -> Contest {
    let python = |environment: &str, script: &str, label: &str, arguments: &[&str]| Contestant {
        label: label.to_owned(),
        command: python(workspace, servers, environment, script, arguments),
    };
    match group {
        Group::Manual => Contest {
            name: "manual",
            title: "Spans by hand, Python",
            text: "One agent with nine requests, each with ten attributes and two message lists (450 bytes of text),\n\
                   which programs have as lists and the others take as text; what leaves goes to a sink that serialises and\n\
                   throws away. Goals: the caller's thread 30 times less than\n\
                   `sentry-sdk` in its best mode and 25 than OpenTelemetry, the whole process 12 times; 0.6 µs where nothing\n\
                   is sampled.",
            metrics: vec![CALLER, PROCESS, BYTES],
            contestants: [
                ("spanwire", "spanwire"),
                ("spanwire, not sampled", "spanwire, not sampled"),
                ("sentry-sdk stream", "sentry-sdk, streamed"),
                ("sentry-sdk", "sentry-sdk, transactions"),
                ("opentelemetry-sdk", "opentelemetry-sdk, OTLP"),
                ("langfuse", "langfuse"),
                ("logfire", "logfire"),
            ]
            .into_iter()
            .map(|(name, label)| python("manual", "manual", label, &[name]))
            .collect(),
        },
        Group::ManualNode => Contest {
            name: "manual-node",
            title: "Spans by hand, Node",
            text: "The same work in Node. Goals: the caller's thread 10 times less than `@sentry/node`, the whole process 6\n\
                   times; 0.5 µs where nothing is sampled. One thread does most of the work of the others, so that the caller\n\
                   waits for it sooner or later.",
            metrics: vec![CALLER, PROCESS, BYTES],
            contestants: [
                "spanwire",
                "spanwire, not sampled",
                "@sentry/node",
                "@opentelemetry/sdk-trace-node",
            ]
            .into_iter()
            .map(|label| Contestant {
                label: label.to_owned(),
                command: node(workspace, "bench/node", &[label]),
            })
            .collect(),
        },
        Group::Browser => Contest {
            name: "browser",
            title: "Spans by hand, browser",
            text: "The same work in a page of headless Chromium: what the page waits for, and what its main thread has to do\n\
                   until all is handed to `fetch`, in whose place a function throws it away. Long tasks (more than 50 ms) are\n\
                   those of loading and of one agent with 500 requests, each a task of its own, which leave over HTTP, on a\n\
                   processor slowed down 4 times. Loaded are all files, minified by esbuild, with Brotli. Goals: no long\n\
                   task, at most 90 KB, and 60 in the end.",
            metrics: vec![
                time("waited_ns", "the page waits, a span", "µs", 1e3),
                time("thread_ns", "main thread in all, a span", "µs", 1e3),
                BYTES,
                time("long_tasks", "long tasks", "n", 1.0),
                time("longest_ns", "the longest", "ms", 1e6),
                time("loaded_bytes", "loaded", "KB", 1e3),
            ],
            contestants: ["spanwire", "@sentry/browser, streamed", "@sentry/browser, transactions"]
                .into_iter()
                .map(|label| Contestant {
                    label: label.to_owned(),
                    command: node(workspace, "bench/browser", &[label]),
                })
                .collect(),
        },
        Group::Vendor => Contest {
            name: "vendor",
            title: "Model calls, Python",
            text: "The real clients of `openai`, `anthropic` and `google-genai` against a local vendor, plain and in a stream\n\
                   of 200 chunks: what each call, and each chunk, costs more than before in the same process. Goals: a tenth of\n\
                   what `sentry-sdk` adds, and at most 3 µs a chunk.",
            metrics: ["openai", "anthropic", "google_genai"].into_iter().flat_map(vendor_metrics).collect(),
            contestants: ["spanwire", "sentry-sdk"]
                .into_iter()
                .map(|name| python("vendor", "vendor", name, &[name]))
                .collect(),
        },
        Group::Framework => Contest {
            name: "framework",
            title: "Runs of agents, Python",
            text: "Ten runs of an agent of LangGraph, and ten of one of the OpenAI Agents SDK, each with a tool call: what\n\
                   they cost the whole process more than those before it was watched.",
            metrics: vec![
                time("langgraph_ns", "LangGraph, ten runs", "ms", 1e6),
                time("openai_agents_ns", "OpenAI Agents, ten runs", "ms", 1e6),
            ],
            contestants: ["spanwire", "sentry-sdk"]
                .into_iter()
                .map(|name| python("framework", "framework", name, &[name]))
                .collect(),
        },
        Group::Integrations => Contest {
            name: "integrations",
            title: "Every integration, Python",
            text: "A call of each library that the README names, against the local vendor: what it costs the caller's thread\n\
                   more than without anybody watching, the median of 60 calls. `sentry-sdk` where it knows the library's calls\n\
                   as calls of models.",
            metrics: INTEGRATIONS.map(|(key, header)| added(key, header, "µs", 1e3)).to_vec(),
            contestants: ["nothing", "spanwire", "sentry-sdk"]
                .into_iter()
                .map(|name| {
                    let mut contestant = python("sentry", "integrations", name, &[name]);
                    contestant.command.env("BENCH_LIBRARIES", workspace.target("libraries"));
                    contestant
                })
                .collect(),
        },
        Group::Start => Contest {
            name: "start",
            title: "Start, Python",
            text: "Import and `init` in a new process, resident memory that they take, and what is installed for them.\n\
                   Goal: a fifth of `sentry-sdk`'s time, no dependency, a wheel of at most 3 MB.",
            metrics: vec![
                time("start_ns", "import and init", "ms", 1e6),
                time("resident_bytes", "memory", "MiB", 1_048_576.0),
                time("installed_bytes", "installed", "MiB", 1_048_576.0),
                time("packages", "packages", "n", 1.0),
            ],
            contestants: ["spanwire", "sentry-sdk", "opentelemetry-sdk", "langfuse", "logfire"]
                .into_iter()
                .map(|name| python("manual", "start", name, &[name]))
                .collect(),
        },
        Group::Scale => Contest {
            name: "scale",
            title: "Scale, Python",
            text: "Spans from several threads and tasks, one trace of 10 and of 100,000 spans, and messages of 1 KB to 10 MB:\n\
                   the cost of a span must not grow with its trace (goal: at most 1.1 times), that of messages not faster\n\
                   than they do, and it stops at the size limit.",
            metrics: vec![
                time("threads_1", "1 thread", "µs a span", 1e3),
                time("threads_8", "8 threads", "µs a span", 1e3),
                time("tasks_1000", "1,000 tasks", "µs a span", 1e3),
                time("trace_10", "traces of 10", "µs a span", 1e3),
                time("trace_100000", "a trace of 100,000", "µs a span", 1e3),
                time("open_bytes", "an open span", "bytes", 1.0),
                time("message_1k", "a message of 1 KB", "µs", 1e3),
                time("message_100k", "... of 100 KB", "µs", 1e3),
                time("message_10m", "... of 10 MB", "µs", 1e3),
                time("image_20m", "an image of 20 MB", "µs", 1e3),
            ],
            contestants: ["spanwire", "sentry-sdk"]
                .into_iter()
                .map(|name| python("manual", "scale", name, &[name]))
                .collect(),
        },
        Group::Core => Contest {
            name: "core",
            title: "The core",
            text: "One span of the work above in Rust, on one thread: its life on the caller's thread, reading what it was\n\
                   given, writing it into a batch; beside `serde_json` writing the finished span again, and copying its bytes.\n\
                   Goal: encoding, the larger part of writing, 1.5 times of `serde_json`.",
            metrics: vec![time("ns", "a span", "µs", 1e3)],
            contestants: ["all of it", "unsampled", "life", "read", "write", "serde_json", "memcpy"]
                .into_iter()
                .map(|part| Contestant { label: part.to_owned(), command: example(workspace, "parts", part) })
                .collect(),
        },
        Group::Wire => Contest {
            name: "wire",
            title: "Compression",
            text: "An envelope of 100 spans with messages, by encoding and level: `gzip` with zlib-rs, `miniz` its peer. What\n\
                   is sent is compressed as the first line says, which is chosen from this table: gzip is what every\n\
                   server takes.",
            metrics: vec![time("bytes", "bytes, a span", "B", 1.0), time("ns", "time, a span", "µs", 1e3)],
            contestants: [
                "gzip 1", "gzip 3", "gzip 6", "gzip 9", "miniz 1", "miniz 6", "zstd 1", "zstd 3", "none",
            ]
            .into_iter()
            .map(|how| Contestant { label: how.to_owned(), command: example(workspace, "wire", how) })
            .collect(),
        },
    }
}

/// What `bench/python/integrations.py` calls them, in the order of the README's table.
const INTEGRATIONS: [(&str, &str); 15] = [
    ("openai_ns", "openai, a chat completion"),
    ("anthropic_ns", "anthropic, a message"),
    ("google_genai_ns", "google-genai, a content"),
    ("openai_agents_ns", "openai-agents, a run of one request"),
    ("langchain_ns", "langchain, a request"),
    ("langgraph_ns", "langgraph, a run of one request"),
    ("litellm_ns", "litellm, a completion"),
    ("pydantic_ai_ns", "pydantic-ai, a run of one request"),
    ("mcp_ns", "mcp, a tool, client and server"),
    ("cohere_ns", "cohere, a chat"),
    ("mistralai_ns", "mistralai, a chat"),
    ("ollama_ns", "ollama, a chat"),
    ("huggingface_hub_ns", "huggingface_hub, a chat"),
    ("bedrock_ns", "boto3, a Converse"),
    ("httpx_ns", "plain httpx, a chat completion"),
];

fn vendor_metrics(library: &str) -> [Metric; 2] {
    let (call, chunk) = match library {
        "openai" => (("openai_call_ns", "openai, a call"), ("openai_chunk_ns", "openai, a chunk")),
        "anthropic" => {
            (("anthropic_call_ns", "anthropic, a call"), ("anthropic_chunk_ns", "anthropic, a chunk"))
        }
        _ => (("google_call_ns", "google-genai, a call"), ("google_chunk_ns", "google-genai, a chunk")),
    };
    [call, chunk].map(|(key, header)| time(key, header, "µs", 1e3))
}

fn python(
    workspace: &Workspace,
    servers: &Servers,
    environment: &str,
    script: &str,
    arguments: &[&str],
) -> Command {
    let venv = workspace.target("bench").join(environment);
    let mut command = Command::new(venv_program(&venv, "python"));
    command.current_dir(workspace.root()).env("PYTHONPATH", workspace.target("package"));
    command.env("BENCH_VENDOR", servers.vendor());
    command.arg(format!("bench/python/{script}.py")).args(arguments);
    command
}

/// The work by hand of a folder of JavaScript.
fn node(workspace: &Workspace, folder: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new("node");
    command.current_dir(workspace.path(folder)).arg("manual.mjs").args(arguments);
    command
}

fn example(workspace: &Workspace, name: &str, argument: &str) -> Command {
    let mut command = cargo();
    command.current_dir(workspace.root());
    command.args([
        "run",
        "--quiet",
        "--release",
        "--package",
        "spanwire-bench",
        "--example",
        name,
        "--",
        argument,
    ]);
    command
}

/// The machine that this is, in words.
pub(super) fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    let model = model.map_or("an unknown processor", |(_, name)| name.trim());
    let says = |program: &str| capture(Command::new(program).arg("--version")).unwrap_or_default();
    format!("{cores} cores of {model}, {}, Node {}", says("python3"), says("node"))
}
