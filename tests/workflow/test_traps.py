"""Snakemake's traps (docs/architecture.md): each is avoided, and each is shown to snap on a mutilated workflow.

Should a control fail because Snakemake has mended its trap, the precaution may go.
"""

import fcntl
import importlib.util
import os
import shutil
from pathlib import Path

import pytest

_spec = importlib.util.spec_from_file_location("review_folder", Path(__file__).with_name("review_folder.py"))
review_folder = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(review_folder)
RIS = review_folder.RIS
BARE = {"PATH": "/usr/bin:/bin"}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return tmp_path_factory.getbasetemp()


@pytest.fixture
def fresh(base, tmp_path):
    """After the first run."""
    return review_folder.first_run(base).copy(tmp_path / "review")


@pytest.fixture
def begun(base, tmp_path):
    """With labelled sheets that were read."""
    return review_folder.begun(base).copy(tmp_path / "review")


@pytest.fixture
def short(begun):
    """The same without the drawings and the manifest, to be quick."""
    begun.leave_out_reports()
    return begun


@pytest.fixture(scope="module")
def idle(base, tmp_path_factory):
    """A folder for runs that change nothing in it; who spoils something puts it back."""
    return review_folder.first_run(base).copy(tmp_path_factory.mktemp("idle") / "review")


# --- a stage that fails ----------------------------------------------------------------------------------------------


def only_the_last_output(review):
    head, start, rest = review.text("Snakefile").partition("    default_target: True\n    input:\n")
    _, end, tail = rest.partition("    localrule: True\n")
    review.snakefile.write_text(f"{head}{start}        rules.flow.output,\n{end}{tail}")


def test_a_stage_that_fails_keeps_failing_until_it_is_mended(begun):
    export, before = begun.exports / RIS, begun.tree("data/raw/sheets", "data/raw/ledger", "config")
    good = export.read_bytes()
    export.write_text("These are no references.\n")
    for _ in range(2):
        run = begun.run()
        assert run.code == 1, run
        lines = [line for line in run.said.splitlines() if line.startswith(f"data/raw/exports/{RIS}")]
        assert len(lines) == 1, run
        assert "Traceback" not in run.said
        assert "Nothing that people wrote was touched" in run.said
    assert begun.tree("data/raw/sheets", "data/raw/ledger", "config") == before
    export.write_bytes(good)
    begun.settles()
    assert begun.tree("data/raw/sheets", "data/raw/ledger", "config") == before


def test_control_a_failed_stage_looks_finished_where_only_the_last_output_is_asked_for(begun):
    only_the_last_output(begun)
    begun.rests()
    (begun.exports / RIS).write_text("These are no references.\n")
    assert begun.run().code == 1
    run = begun.run()
    assert run.code == 0, run
    assert run.idle, run


# --- what people have is no rule's output ----------------------------------------------------------------------------

TELL = """
for _rule in workflow.rules:
    for _file in [*_rule.output, *_rule.log, *([_rule.benchmark] if _rule.benchmark else [])]:
        print("WRITES", _rule.name, os.path.normpath(str(_file)))
"""
GREEDY = """
rule notes:
    output: "data/raw/sheets/notes.csv"
    params: seed=REVIEW.seed
    shell: "echo machine > {output}"
"""


def written_by_rules(review):
    """(rule, file or pattern) of everything that Snakemake may write, replace or delete."""
    review.snakefile.write_text(review.text("Snakefile") + TELL)
    run = review.run("--list")
    assert run.code == 0, run
    return [line.split(" ", 2)[1:] for line in run.said.splitlines() if line.startswith("WRITES ")]


def peoples(written):
    return [file for _, file in written if not file.startswith(("data/processed/", "reports/"))]


def test_no_rule_has_an_output_where_people_work(fresh):
    written = written_by_rules(fresh)
    assert {"ingest", "collect_coding", "issue_title_abstract", "manifest"} <= {rule for rule, _ in written}
    assert len(written) > 60
    assert peoples(written) == []


def test_control_a_rule_that_writes_where_people_work_is_found(fresh):
    fresh.snakefile.write_text(fresh.text("Snakefile") + GREEDY)
    assert peoples(written_by_rules(fresh)) == ["data/raw/sheets/notes.csv"]


def test_force_changes_no_byte(begun):
    before = begun.tree("config", "data/raw"), begun.results()
    run = begun.works("-F")
    assert {"ingest", "dedupe", "rank", "issue_title_abstract", "issue_duplicates", "manifest"} <= set(run.jobs)
    assert (begun.tree("config", "data/raw"), begun.results()) == before
    begun.rests()


def test_delete_all_output_leaves_people_their_files(begun):
    before, results = begun.tree("config", "data/raw"), begun.results()
    begun.run("--delete-all-output")
    assert not [name for name in begun.results() if not name.startswith("data/processed/collected/")]
    assert begun.tree("config", "data/raw") == before
    begun.settles()
    assert begun.tree("config", "data/raw") == before
    assert begun.results() == results


def test_a_changed_setting_runs_what_depends_on_it_and_changes_no_sheet(short):
    before = short.tree("data/raw")
    short.mutilate("config/review.yaml", ("seed: 7", "seed: 8"))
    run = short.works()
    assert {"rank", "issue_title_abstract"} <= set(run.jobs)
    assert not {"ingest", "dedupe", "collect_title_abstract"} & set(run.jobs), run.jobs
    short.mutilate("config/review.yaml", ("Concerns a local body", "Concerns a body that acts for a place"))
    run = short.settles()
    assert {"resolve_title_abstract", "rank", "issue_full_text"} <= set(run.jobs)
    assert not {"ingest", "extract"} & set(run.jobs), run.jobs
    assert short.tree("data/raw") == before


def test_control_a_sheet_that_a_rule_writes_is_lost(fresh):
    fresh.snakefile.write_text(fresh.text("Snakefile") + GREEDY)
    target = "data/raw/sheets/notes.csv"
    sheet = fresh.root / target
    fresh.works(target)
    for step in ("-F", "seed"):
        sheet.write_text("a person's work\n")
        if step == "seed":
            fresh.mutilate("config/review.yaml", ("seed: 7", "seed: 8"))
        fresh.works(target, *(["-F"] if step == "-F" else []))
        assert sheet.read_text() == "machine\n"
    sheet.write_text("a person's work\n")
    fresh.run("--delete-all-output", target)
    assert not sheet.exists()


# --- code ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def package(tmp_path):
    """A copy of the package that may be changed, and the environment in which it is the one that runs."""
    source = tmp_path / "src"
    shutil.copytree(
        review_folder.REPO / "src/scoping", source / "scoping", ignore=shutil.ignore_patterns("__pycache__")
    )
    return source / "scoping", {"PYTHONPATH": str(source)}


def test_changed_code_runs_again_and_fails_until_it_is_mended(short, package):
    source, env = package
    before, results = short.tree("config", "data/raw"), short.results()
    short.rests(env=env)
    resolve = source / "resolve.py"
    good = resolve.read_text()
    resolve.write_text(good + "\n# another thought\n")
    run = short.works(env=env)
    assert {"resolve_title_abstract", "resolve_full_text", "issue_title_abstract"} <= set(run.jobs)
    assert not {"ingest", "extract", "collect_title_abstract"} & set(run.jobs), run.jobs
    assert (short.tree("config", "data/raw"), short.results()) == (before, results)
    short.rests(env=env)
    resolve.write_text(good.replace("def screening(", "1 / 0\n\n\ndef screening(", 1))
    for _ in range(2):
        run = short.run(env=env)
        assert run.code == 1, run
        assert "ZeroDivisionError" in run.said, "a bug of ours keeps its traceback"
    assert short.tree("config", "data/raw") == before
    resolve.write_text(good)
    short.works(env=env)
    assert (short.tree("config", "data/raw"), short.results()) == (before, results)


def test_control_changed_code_is_not_seen_without_its_fingerprint(short, package):
    source, env = package
    target = "data/processed/title_abstract/states.csv"
    for file in (short.root / "workflow/rules").glob("*.smk"):
        file.write_text("\n".join(line for line in file.read_text().split("\n") if "code=fingerprint(" not in line))
    short.works("-F", target, env=env)
    resolve = source / "resolve.py"
    resolve.write_text(resolve.read_text().replace("def screening(", "1 / 0\n\n\ndef screening(", 1))
    assert short.run(target, env=env).idle


# --- what Snakemake does not see -------------------------------------------------------------------------------------


def test_lost_memory_is_said_and_force_is_the_cure(fresh):
    shutil.rmtree(fresh.root / ".snakemake")
    target = "data/processed/title_abstract/order.csv"
    fresh.mutilate("config/review.yaml", ("Arrangements that bring knowledge in", "Whatever brings sensors in"))
    order = fresh.text(target)
    run = fresh.rests()
    assert "Run once with -F" in run.said, run  # this is why: the changed setting is invisible
    assert fresh.text(target) == order
    fresh.works("-F", target)
    assert fresh.text(target) != order
    run = fresh.run(target)
    assert run.idle, run
    assert "Run once with -F" not in run.said


def change_export_with_its_old_date(review):
    export = review.exports / RIS
    date = export.stat().st_mtime_ns
    export.write_text(
        export.read_text(encoding="utf-8").replace("once asked", "").replace("Theory.", "Theory, mostly.")
    )
    os.utime(export, ns=(date, date))


def test_a_changed_export_with_an_old_date_is_noticed(short):
    before = short.tree("data/raw/sheets", "data/raw/ledger")
    change_export_with_its_old_date(short)
    run = short.works()
    assert {"ingest", "dedupe"} <= set(run.jobs)
    assert run.said.count("(Rule: ingest)") == 1, "only the changed one"
    assert short.tree("data/raw/sheets", "data/raw/ledger") == before


def test_control_an_old_date_hides_a_change_from_snakemake(short):
    short.mutilate(
        "workflow/rules/records.smk",
        ('        content=lambda wildcards: content("exports", EXPORTS[wildcards.export]),\n', ""),
    )
    target = "data/processed/records.parquet"
    short.works("-F", target)
    change_export_with_its_old_date(short)
    assert short.run(target).idle


# --- refusals in one sentence ----------------------------------------------------------------------------------------


def refused(review, *args, **more):
    """The one line that a refused run says; nothing in the folder changes."""
    before = review.tree("config", "data", "reports", dates=True)
    run = review.run(*args, **more)
    assert run.code == 1, run
    assert len(run.complaint) == 1, run
    assert review.tree("config", "data", "reports", dates=True) == before
    return run.complaint[0]


@pytest.fixture
def spoil(idle):
    """Change a file of the idle folder for one test."""
    kept = {}

    def change(name, text=None, **replace):
        path = idle.root / name
        kept[path] = (path.read_bytes(), path.stat()) if path.exists() else None
        path.write_text(text if text is not None else path.read_text().replace(replace["old"], replace["new"]))
        return path

    yield change
    for path, before in kept.items():
        if before is None:
            path.unlink()
        else:
            path.write_bytes(before[0])
            os.utime(path, ns=(before[1].st_atime_ns, before[1].st_mtime_ns))


CHECK = "    preflight.check(Path.cwd(), overrides=config)\n"
LOCK = '        _run_lock = ledger.only_run(Path(RAW, "ledger"), Path(OUT), Path(REPORTS))\n'


def test_settings_on_the_command_line_are_refused(idle, spoil):
    sentence = "--config seed is not used here; write the setting into config/review.yaml"
    assert refused(idle, "--config", "seed=5") == sentence
    spoil("workflow/rules/common.smk", old=CHECK, new="")
    assert idle.run("--config", "seed=5").idle, "control: without the check they are ignored in silence"


def test_a_file_of_the_future_is_refused(idle, spoil):
    future = spoil(f"data/raw/exports/{RIS}", old="Theory.", new="Theory of it.")
    os.utime(future, (4e9, 4e9))
    assert refused(idle).startswith(f"data/raw/exports/{RIS}: the date of this file lies in the future")


def test_control_a_file_of_the_future_fails_the_run_in_words_that_nobody_understands(fresh):
    fresh.mutilate("workflow/rules/common.smk", (CHECK, ""))
    change_export_with_its_old_date(fresh)
    os.utime(fresh.exports / RIS, (4e9, 4e9))
    run = fresh.run()
    assert run.code == 1, run
    assert "clock skew" in run.said


def test_a_second_run_at_the_same_time_is_refused(idle, spoil):
    with (idle.raw / "ledger/.run.lock").open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        assert refused(idle) == "another run of this review is going on; wait until it has finished"
        spoil("workflow/rules/common.smk", old=LOCK, new="        pass\n")
        assert idle.run().idle, "control: nobody else stops it"


def test_a_misspelt_key_is_named_with_its_line(idle, spoil):
    spoil("config/review.yaml", old="      adjudicator: carys", new="adjudicator: carys")
    line = next(
        n for n, text in enumerate(idle.text("config/review.yaml").splitlines(), 1) if text.startswith("people")
    )
    spoil("config/review.yaml", old="\npeople:", new="\npeolpe:")
    run = idle.run()
    assert run.code == 1
    assert f"config/review.yaml:{line}: 'peolpe' is not known; did you mean 'people'?" in run.complaint, run
    assert "Traceback" not in run.said
    assert all(text.startswith("config/review.yaml:") for text in run.complaint), run


def test_an_export_of_no_source_is_named(idle, spoil):
    spoil("data/raw/exports/new.ris", "TY  - JOUR\n")
    assert refused(idle).startswith("data/raw/exports/new.ris: belongs to no source; name it under `files:`")


def test_a_source_without_its_export_is_named(idle, spoil):
    spoil("config/review.yaml", old="(2) #1.csv", new="(2) #2.csv")
    assert "is not in data/raw/exports; did you mean" in refused(idle)


def test_braces_in_a_name_are_refused(idle, spoil):
    spoil("data/raw/fulltext/{name}.txt", "Snakemake would take {name} for a wildcard.")
    assert refused(idle).startswith("data/raw/fulltext/{name}.txt: the name of this file has braces")
    spoil("workflow/rules/common.smk", old=CHECK, new="")
    assert "Wildcards in input files cannot be determined" in idle.run().said, "control: what it would say otherwise"


def test_after_all_refusals_there_is_still_nothing_to_be_done(idle):
    idle.rests()


# --- names, PATH, kill -----------------------------------------------------------------------------------------------


def test_names_that_people_give_files_work(fresh):
    assert [row["file"] for row in fresh.rows("texts.csv") if row["record_id"]] == sorted(review_folder.TEXTS)
    assert {row["file"] for row in fresh.rows("entry_records.csv")} == {RIS, review_folder.TABLE}


def test_control_a_name_that_is_not_quoted_breaks_the_command(fresh):
    fresh.mutilate("workflow/rules/records.smk", ("scoping ingest {input:q}", "scoping ingest {input}"))
    assert fresh.run().code == 1


def test_the_programs_of_the_environment_are_found_without_activating_it(fresh):
    fresh.rests(env=BARE)
    assert fresh.works("-f", "data/processed/texts.csv", env=BARE).jobs == ["match"]
    fresh.mutilate("workflow/rules/common.smk", ("preflight.own_programs_first()\n", "\n"))
    run = fresh.run("-f", "data/processed/texts.csv", env=BARE)
    assert run.code == 1, "control: without that line they are not"
    assert "scoping: command not found" in run.said


def test_after_kill_9_the_same_command_just_finishes(base, tmp_path):
    review = review_folder.Review.create(tmp_path / "review")
    assert review.killed(2).code == -9
    assert review.killed(7, alone=True).code == -9, "its jobs live on for a while, and the next run waits for them"
    assert review.killed(5).code == -9
    review.settles()
    never_killed = review_folder.first_run(base)
    assert review.results() == never_killed.results()
    assert review.tree("config", "data/raw/sheets", "data/raw/exports") == never_killed.tree(
        "config", "data/raw/sheets", "data/raw/exports"
    )
    assert not list((review.root / "data").rglob(".tmp-*"))


def test_control_snakemakes_own_lock_outlives_a_kill(tmp_path):
    review = review_folder.Review.create(tmp_path / "review")
    own = ("--workflow-profile", "none")
    assert review.killed(2, *own).code == -9
    run = review.run(*own)
    assert run.code == 1, run
    # which of the two is said first depends on whether a job was at work at that moment
    assert "cannot be locked" in run.said or "seem to be incomplete" in " ".join(run.said.split()), run
