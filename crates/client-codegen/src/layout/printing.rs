//! Prints code in parallel.

use std::collections::HashSet;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use proc_macro2::TokenStream;
use syn::visit_mut::VisitMut;

use super::dedupe_builders::{self, Setters};
use super::dependencies::UsedCrates;
use crate::doc_comments::DocComments;
use crate::error::GenerateError;
use crate::panics;
use crate::pretty_print::print;
use crate::types::{OptionalProperties, TypeSource, schemars_derive};

/// The maximum number of printing threads. More would be idle unless the contract has thousands of types.
const THREADS: usize = 8;

/// The stack size of each thread in bytes: a builder with a thousand fields is a chain of a thousand calls.
/// The operating system allocates only the pages in use.
const STACK: usize = 1 << 28;

/// The printed code of a type.
#[derive(Debug)]
pub(super) struct PrintedType {
    /// The module of the type.
    pub(super) path: &'static str,
    pub(super) name: String,
    pub(super) text: String,
    /// The crates that it uses.
    pub(super) crates: UsedCrates,
}

/// A queue of parts that are printed in the background.
#[derive(Debug)]
pub(super) struct Printing {
    parts: Sender<(usize, Arc<TypeSource>)>,
    added: usize,
    printer: Arc<Printer>,
    workers: Vec<JoinHandle<()>>,
}

#[derive(Debug)]
struct Printer {
    parts: Mutex<Receiver<(usize, Arc<TypeSource>)>>,
    /// The names of the builders in `types::builder`.
    builders: HashSet<String>,
    /// The fields whose types change.
    members: Arc<OptionalProperties>,
    done: Mutex<Vec<(usize, Result<PrintedType, String>)>>,
}

impl Printing {
    /// Starts the threads. `builders` are the names of the builders in `types::builder`.
    pub(super) fn start(builders: HashSet<String>, members: Arc<OptionalProperties>) -> Self {
        let processors = thread::available_parallelism().map_or(1, usize::from);
        let (sender, receiver) = mpsc::channel();
        let printer = Arc::new(Printer {
            parts: Mutex::new(receiver),
            builders,
            members,
            done: Mutex::default(),
        });
        let workers = (1..processors.min(THREADS)).filter_map(|_| {
            let printer = Arc::clone(&printer);
            // Without this thread, printing only takes longer.
            let thread = thread::Builder::new().stack_size(STACK);
            thread.spawn(move || printer.work()).ok()
        });
        Self {
            parts: sender,
            added: 0,
            workers: workers.collect(),
            printer,
        }
    }

    /// Adds a part to the queue.
    pub(super) fn add(&mut self, part: Arc<TypeSource>) {
        // The receiver lives as long as `self`, so sending cannot fail.
        self.parts.send((self.added, part)).ok();
        self.added += 1;
    }

    /// Prints the rest of the queue on this thread too. Returns the parts in their order.
    pub(super) fn finish(self) -> Result<Vec<PrintedType>, GenerateError> {
        drop(self.parts);
        self.printer.work();
        for worker in self.workers {
            if worker.join().is_err() {
                return Err(GenerateError::UnexpectedCode(
                    "a thread ended early".to_owned(),
                ));
            }
        }
        let mut done = std::mem::take(&mut *lock(&self.printer.done));
        done.sort_by_key(|(at, _)| *at);
        let printed = done.into_iter().map(|(_, printed)| printed);
        printed
            .collect::<Result<_, _>>()
            .map_err(GenerateError::UnexpectedCode)
    }
}

impl Printer {
    /// Prints parts until the queue is closed.
    fn work(&self) {
        let setters = Setters::of_types();
        let mut printed = Vec::new();
        while let Ok((at, part)) = self.next() {
            let pretty = panics::catch(|| self.print(&part, &setters)).and_then(|printed| printed);
            printed.push((at, pretty));
        }
        lock(&self.done).append(&mut printed);
    }

    fn print(&self, part: &TypeSource, setters: &Setters) -> Result<PrintedType, String> {
        let unreadable = |error: syn::Error| format!("`{}`: {error}", part.name);
        let tokens: TokenStream = part
            .text
            .parse()
            .map_err(|error| format!("`{}`: {error}", part.name))?;
        let mut file: syn::File = syn::parse2(tokens).map_err(unreadable)?;
        self.members.apply_nullable(part.path, &mut file);
        DocComments.visit_file_mut(&mut file);
        if part.path == "types/builder" {
            dedupe_builders::types(&mut file, &self.builders, setters);
        }
        schemars_derive::derive_on_demand(&mut file).map_err(|error| error.to_string())?;
        let text = print(file);
        Ok(PrintedType {
            path: part.path,
            name: part.name.clone(),
            crates: UsedCrates::of(&text),
            text,
        })
    }

    fn next(&self) -> Result<(usize, Arc<TypeSource>), mpsc::RecvError> {
        lock(&self.parts).recv()
    }
}

/// Ignores poisoning: a panic cannot leave the queue in an invalid state.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
