//! Prints code, on all processors.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit_mut::VisitMut;

use super::{condense, docs, modules, view};
use crate::error::GenerateError;
use crate::panics;

/// How many threads print at most: more have nothing to do before the contract has thousands of
/// types.
const THREADS: usize = 8;

/// A type with its implementations, as it came from progenitor.
#[derive(Debug)]
pub(super) struct Part {
    path: &'static str,
    name: String,
    text: String,
}

impl Part {
    pub(super) fn new(path: &'static str, name: String, item: Vec<TokenTree>) -> Self {
        let text = text(item);
        Self { path, name, text }
    }

    pub(super) fn is_in(&self, path: &str) -> bool {
        self.path == path
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The enum that it declares.
    pub(super) fn union(&self) -> Option<syn::ItemEnum> {
        let file = syn::parse_file(&self.text).ok()?;
        file.items.into_iter().find_map(|item| match item {
            syn::Item::Enum(found) => Some(found),
            _ => None,
        })
    }

    /// Adds an item that belongs to it.
    pub(super) fn push(&mut self, item: Vec<TokenTree>) {
        self.text.push('\n');
        self.text.push_str(&text(item));
    }
}

fn text(item: Vec<TokenTree>) -> String {
    item.into_iter().collect::<TokenStream>().to_string()
}

/// The same as it is written to a file.
#[derive(Debug)]
pub(super) struct Pretty {
    /// The module it belongs to.
    pub(super) path: &'static str,
    pub(super) name: String,
    pub(super) text: String,
}

/// Parts that are being printed while other work goes on.
#[derive(Debug)]
pub(super) struct Printing {
    queue: Arc<Queue>,
    workers: Vec<JoinHandle<()>>,
}

#[derive(Debug)]
struct Queue {
    parts: Vec<Part>,
    /// The names of the builders of types.
    builders: HashSet<String>,
    next: AtomicUsize,
    done: Mutex<Vec<(usize, Result<Pretty, String>)>>,
}

impl Printing {
    /// Begins to print on other threads.
    pub(super) fn start(parts: Vec<Part>) -> Self {
        let processors = thread::available_parallelism().map_or(1, usize::from);
        let builders = parts.iter().filter(|part| part.is_in("types/builder"));
        let builders = builders.map(|part| part.name.clone()).collect();
        let queue = Arc::new(Queue {
            parts,
            builders,
            next: AtomicUsize::new(0),
            done: Mutex::default(),
        });
        let workers = (1..processors.min(THREADS)).filter_map(|_| {
            let queue = Arc::clone(&queue);
            // Without this thread it takes longer, and nothing else.
            thread::Builder::new().spawn(move || queue.work()).ok()
        });
        Self {
            workers: workers.collect(),
            queue,
        }
    }

    /// Helps with what is left; returns the parts in their order.
    pub(super) fn finish(self) -> Result<Vec<Pretty>, GenerateError> {
        self.queue.work();
        for worker in self.workers {
            if worker.join().is_err() {
                return Err(GenerateError::Unreadable("a thread ended early".to_owned()));
            }
        }
        let mut done = self
            .queue
            .done
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let mut done = std::mem::take(&mut *done);
        done.sort_by_key(|(at, _)| *at);
        let printed = done.into_iter().map(|(_, printed)| printed);
        printed
            .collect::<Result<_, _>>()
            .map_err(GenerateError::Unreadable)
    }
}

impl Queue {
    fn work(&self) {
        let mut printed = Vec::new();
        loop {
            let at = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(part) = self.parts.get(at) else {
                break;
            };
            let pretty = panics::catch(|| print(part, &self.builders)).and_then(|printed| printed);
            printed.push((at, pretty));
        }
        self.done
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .append(&mut printed);
    }
}

fn print(part: &Part, builders: &HashSet<String>) -> Result<Pretty, String> {
    let unreadable = |error: syn::Error| format!("`{}`: {error}", part.name);
    let tokens: TokenStream = part
        .text
        .parse()
        .map_err(|error| format!("`{}`: {error}", part.name))?;
    let mut file: syn::File = syn::parse2(tokens).map_err(unreadable)?;
    docs::Docs.visit_file_mut(&mut file);
    if part.is_in("types/builder") {
        condense::types(&mut file, builders);
    }
    view::derive_on_demand(&mut file).map_err(|error| error.to_string())?;
    Ok(Pretty {
        path: part.path,
        name: part.name.clone(),
        text: modules::print(file),
    })
}
