//! The sizes, for people, for programs, and as they stand in a page.

use serde_json::{Value, json};

use crate::{Row, Size, TARGET};
use xtask::Result;

/// The page that has the table.
pub(crate) const PAGE: &str = "crates/jose-jws/README.md";

/// How many bytes a figure of the page may be off.
const TOLERANCE: u64 = 1024;

/// Where what the library adds to the flash stands among the figures.
const ADDED_FLASH: usize = 3;

/// What the library adds is below zero where it takes less than the program that it is compared with.
fn added(row: &Row, of: impl Fn(&Size) -> u64) -> i64 {
    of(&row.library).cast_signed() - of(&row.primitives).cast_signed()
}

fn figures(row: &Row) -> [i64; 6] {
    let Size { flash, ram, stack } = row.library;
    let [flash, ram, stack] = [flash, ram, stack].map(u64::cast_signed);
    let more = [added(row, |size| size.flash), added(row, |size| size.ram), added(row, |size| size.stack)];
    [flash, ram, stack, more[0], more[1], more[2]]
}

pub(crate) fn text(rows: &[Row], compiler: &str) -> String {
    let mut text = format!("{}\n\n", caption(compiler));
    text += "| task | flash | static RAM | stack | + flash | + static RAM | + stack |\n";
    text += "| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n";
    for row in rows {
        let figures = figures(row).map(|figure| figure.to_string()).join(" | ");
        text += &format!("| {} | {figures} |\n", row.task.about);
    }
    text
}

fn caption(compiler: &str) -> String {
    format!("In bytes, on `{TARGET}` with `opt-level = \"s\"` and `lto = true`, by {compiler}:")
}

pub(crate) fn json(rows: &[Row], compiler: &str) -> Result<String> {
    let size = |size: &Size| json!({ "flash": size.flash, "ram": size.ram, "stack": size.stack });
    let tasks: Vec<Value> = rows
        .iter()
        .map(|row| {
            json!({
                "name": row.task.name,
                "about": row.task.about,
                "library": size(&row.library),
                "primitives": size(&row.primitives),
            })
        })
        .collect();
    let report = json!({ "target": TARGET, "compiler": compiler, "tasks": tasks });
    Ok(serde_json::to_string_pretty(&report)? + "\n")
}

/// Holds the table of the page against what was measured. Compilers differ: of a table that another one made, only the
/// flash that the library adds has to be near. Gives back what to say of it.
pub(crate) fn compare(rows: &[Row], compiler: &str, page: &str) -> Result<String> {
    if page.contains(&text(rows, compiler)) {
        return Ok(format!("{PAGE} has this table.\n"));
    }
    let same = page.contains(&caption(compiler));
    for row in rows {
        let start = format!("| {} | ", row.task.about);
        let line = page.lines().find_map(|line| line.strip_prefix(&start)).unwrap_or_default();
        let stated: Vec<i64> =
            line.trim_end_matches(" |").split(" | ").filter_map(|cell| cell.parse().ok()).collect();
        let measured = figures(row);
        let near = |at: usize| stated[at].abs_diff(measured[at]) <= TOLERANCE;
        if stated.len() != measured.len() || !(near(ADDED_FLASH) && (!same || (0..measured.len()).all(near)))
        {
            return Err(format!("{PAGE} says something else of the task {:?}", row.task.about).into());
        }
    }
    let whose = if same { "nearly this table" } else { "the table of another compiler, which adds as much" };
    Ok(format!("{PAGE} has {whose}.\n"))
}

#[cfg(test)]
mod tests {
    use super::{Row, Size, compare, text};
    use crate::task::TASKS;

    #[test]
    fn a_table_that_is_out_of_date_is_noticed() {
        let row = |flash, stack| {
            let size = |flash| Size { flash, ram: 0, stack };
            [Row { task: &TASKS[0], library: size(flash), primitives: size(1000) }]
        };
        let page = text(&row(4000, 500), "one");
        let says = |rows: &[Row], compiler| compare(rows, compiler, &page).ok();
        assert!(says(&row(4000, 500), "one").unwrap().ends_with("this table.\n"));
        assert!(says(&row(4100, 500), "one").unwrap().contains("nearly"));
        assert!(says(&row(4100, 9500), "two").unwrap().contains("another"));
        assert!(says(&row(4100, 9500), "one").is_none());
        assert!(says(&row(6000, 500), "one").is_none() && says(&row(6000, 500), "two").is_none());
        assert!(compare(&row(4000, 500), "one", "").is_err());
    }
}
