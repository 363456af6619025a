# /// script
# [tool.marimo.display]
# theme = "system"
# ///
"""The page for the second question, as a marimo notebook: widgets and where they stand, nothing else.

`vouch app` serves it; `vouch app --edit` opens a copy of it in the home with its cells, among them SQL cells on
the published file.
"""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="full", app_title="Vouch: the second question", css_file="templates/page.css")


@app.cell(hide_code=True)
def setup():
    import marimo as mo

    from pipelines.errors import VouchError
    from pipelines.explore import address, charts, filters, reading, tables, what_if, words
    from pipelines.home import find_home

    published_path = find_home().published
    get_reading, set_reading = mo.state(0)
    return (
        VouchError,
        address,
        charts,
        filters,
        get_reading,
        mo,
        published_path,
        reading,
        set_reading,
        tables,
        what_if,
        words,
    )


@app.cell(hide_code=True)
def open_published(VouchError, get_reading, published_path, reading):
    get_reading()
    opened_edition = reading.edition(published_path)
    published, audiences, opening_error = None, [], None
    try:
        published = reading.open_file(published_path)
        audiences = reading.read_audiences(published)
    except VouchError as _error:
        opening_error = _error
    return audiences, opened_edition, opening_error, published


@app.cell(hide_code=True)
def watch(mo, set_reading):
    look_again = mo.ui.refresh(options=["15s", "1m", "10m"], default_interval="15s")
    show_newer = mo.ui.button(
        label="Show it", kind="success", on_click=lambda _: set_reading(lambda times: times + 1)
    )
    return look_again, show_newer


@app.cell(hide_code=True)
def title(look_again, mo, words):
    mo.hstack([mo.Html(words.title()), look_again], align="center")
    return


@app.cell(hide_code=True)
def newer(
    look_again,
    mo,
    opened_edition,
    opening_error,
    published_path,
    reading,
    show_newer,
    words,
):
    look_again.value
    _said = mo.hstack([mo.md("A new publication is there."), show_newer], justify="start", align="center")
    _failure = mo.Html(words.failure(opening_error)) if opening_error else None
    _edition = reading.edition(published_path)
    mo.callout(_said, "success") if _edition not in (None, opened_edition) else _failure
    return


@app.cell(hide_code=True)
def choose_audience(address, audiences, mo, words):
    mo.stop(not audiences)
    _labels = words.audience_labels(audiences)
    _asked = address.value("audience")
    _start = next((name for name, about in _labels.items() if about["audience"] == _asked), None)
    audience = mo.ui.dropdown(
        _labels,
        value=_start or next(iter(_labels)),
        label="Audience",
        on_change=address.keeper("audience", address.OF_AUDIENCE, lambda about: about["audience"]),
    )
    return (audience,)


@app.cell(hide_code=True)
def choose_section(address, audience, mo):
    _sections = ("Candidates", "What if", "Ask in SQL")
    _asked = address.value("section")
    section = mo.ui.tabs(
        dict.fromkeys(_sections, ""),
        value=_asked if _asked in _sections else _sections[0],
        on_change=address.keeper("section"),
    )
    return (section,)


@app.cell(hide_code=True)
def read_audience(audience, published, reading):
    view = reading.read_audience(published, audience.value)
    return (view,)


@app.cell(hide_code=True)
def head(audience, mo, section, view, words):
    mo.vstack(
        [
            mo.hstack(
                [audience, mo.Html(words.head(view.about))], justify="start", align="center", wrap=True
            ),
            section,
        ]
    )
    return


@app.cell(hide_code=True)
def filter_widgets(address, filters, mo, view):
    filter_choices = filters.choices(view.candidates)
    _start, strange = filters.from_address(address.values, filter_choices)

    def _several(name, label):
        labels = {text: value for value, text in filter_choices[name].items()}
        chosen = [text for text, value in labels.items() if value in getattr(_start, name)]
        return mo.ui.multiselect(labels, value=chosen, label=label, on_change=address.keeper(name))

    def _bar(name, label, no_bar):
        asked = getattr(_start, name)
        return mo.ui.slider(
            0,
            1,
            0.01,
            value=no_bar if asked is None else asked,
            label=label,
            show_value=True,
            debounce=True,
            on_change=address.keeper(name, coded=lambda bar: None if bar == no_bar else bar),
        )

    filter_search = mo.ui.text(
        _start.search,
        placeholder="handle, name or id",
        label="Search",
        debounce=300,
        on_change=address.keeper("search"),
    )
    filter_platform = _several("platform", "Platform")
    filter_language = _several("language", "Language")
    filter_size = _several("size", "Size")
    filter_community = _several("community", "Group")
    filter_status = _several("status", "Status")
    filter_trust = _bar("trust", "Trust at least", 0)
    filter_risk = _bar("risk", "Risk at most", 1)
    filter_picks = mo.ui.checkbox(
        _start.picks,
        label="Portfolio only",
        on_change=address.keeper("picks", coded=lambda is_on: "yes" if is_on else None),
    )
    return (
        filter_community,
        filter_language,
        filter_picks,
        filter_platform,
        filter_risk,
        filter_search,
        filter_size,
        filter_status,
        filter_trust,
        strange,
    )


@app.cell(hide_code=True)
def filtered(
    filter_community,
    filter_language,
    filter_picks,
    filter_platform,
    filter_risk,
    filter_search,
    filter_size,
    filter_status,
    filter_trust,
    filters,
    view,
):
    wanted = filters.Filters(
        search=filter_search.value.strip(),
        platform=tuple(filter_platform.value),
        language=tuple(filter_language.value),
        size=tuple(filter_size.value),
        community=tuple(filter_community.value),
        status=tuple(filter_status.value),
        trust=filter_trust.value or None,
        risk=None if filter_risk.value == 1 else filter_risk.value,
        picks=filter_picks.value,
    )
    kept = filters.kept(view.candidates, wanted)
    return kept, wanted


@app.cell(hide_code=True)
def candidate_table(address, kept, mo, tables):
    _who = address.value("who")
    _selected = [place for place, row in enumerate(kept) if row["account_id"] == _who]
    candidates = mo.ui.table(
        tables.candidate_frame(kept),
        selection="single",
        initial_selection=_selected,
        page_size=10,
        format_mapping=tables.FORMATS,
        style_cell=tables.style,
        hidden_columns=list(tables.HIDDEN),
        freeze_columns_left=["rank", "who"],
        column_widths=dict(tables.WIDTHS),
        header_tooltip=dict(tables.MEANINGS),
        show_column_summaries=False,
        show_data_types=False,
        show_search=False,
        on_change=address.keeper("who", coded=lambda rows: next(iter(rows[tables.ID]), None)),
    )
    return (candidates,)


@app.cell(hide_code=True)
def evidence(address, candidates, mo, published, reading, tables, view, words):
    _chosen = next(iter(candidates.value[tables.ID]), address.value("who"))
    _row = next((row for row in view.candidates if row["account_id"] == _chosen), None)
    if _row is None:
        evidence_part = mo.Html(words.nobody_chosen(_chosen))
    else:
        evidence_part = mo.Html(
            words.evidence_card(_row, reading.read_evidence(published, view.about, _row["account_id"]))
        )
    return (evidence_part,)


@app.cell(hide_code=True)
def candidates_section(
    candidates,
    evidence_part,
    filter_community,
    filter_language,
    filter_picks,
    filter_platform,
    filter_risk,
    filter_search,
    filter_size,
    filter_status,
    filter_trust,
    filters,
    kept,
    mo,
    strange,
    view,
    wanted,
    words,
):
    candidates_part = mo.vstack(
        [
            mo.hstack([filter_search, filter_trust, filter_risk, filter_picks], justify="start", wrap=True),
            mo.hstack(
                [filter_status, filter_size, filter_community, filter_platform, filter_language],
                justify="start",
                wrap=True,
            ),
            mo.Html(words.found(kept, view.candidates, filters.widening(view.candidates, wanted), strange)),
            candidates,
            evidence_part,
        ]
    )
    return (candidates_part,)


@app.cell(hide_code=True)
def choose_plan(address, mo, view, words):
    _plans = words.plan_labels(view.plans)
    _asked = address.value("plan")
    compared_plan = mo.ui.radio(
        _plans,
        value=next((label for label, name in _plans.items() if name == _asked), next(iter(_plans))),
        label="Start from",
        inline=True,
        on_change=address.keeper("plan", address.OF_PLAN),
    )
    return (compared_plan,)


@app.cell(hide_code=True)
def wish_widgets(address, compared_plan, mo, view, what_if, words):
    _start, wish_strange = what_if.wish_from_address(address.values, view, compared_plan.value)
    _labels = what_if.account_labels(view.candidates)
    _label_of = {account: label for label, account in _labels.items()}
    _goals = words.goals()
    wish_goal = mo.ui.radio(
        _goals,
        value=words.goal_words(_start.times),
        label="Goal",
        inline=True,
        on_change=address.keeper("goal"),
    )
    wish_number = mo.ui.text(
        "" if _start.picks is None else str(_start.picks),
        placeholder="no limit",
        label="Partners at most",
        on_change=address.keeper("number"),
    )
    wish_budget = mo.ui.text(
        "" if _start.budget is None else f"{_start.budget:g}",
        placeholder="no limit",
        label="Budget",
        on_change=address.keeper("budget"),
    )
    wish_keep = mo.ui.multiselect(
        _labels,
        value=[_label_of[account] for account in _start.locked],
        label="Keep in any case",
        on_change=address.keeper("keep"),
    )
    wish_drop = mo.ui.multiselect(
        _labels,
        value=[_label_of[account] for account in _start.dropped],
        label="Leave out",
        on_change=address.keeper("drop"),
    )
    return wish_budget, wish_drop, wish_goal, wish_keep, wish_number, wish_strange


@app.cell(hide_code=True)
def what_if_section(
    VouchError,
    address,
    charts,
    compared_plan,
    mo,
    view,
    what_if,
    wish_budget,
    wish_drop,
    wish_goal,
    wish_keep,
    wish_number,
    wish_strange,
    words,
):
    _plan = compared_plan.value
    _published = view.plans.get(_plan, [])
    _here = {"audience": view.about["audience"], "section": "Candidates", "who": ""}
    _untouched = {"audience": view.about["audience"], "section": "What if", "plan": _plan}
    try:
        _wish = what_if.Wish(
            times=wish_goal.value,
            picks=what_if.written_count(wish_number.value),
            budget=what_if.written_money(wish_budget.value),
            locked=tuple(wish_keep.value),
            dropped=tuple(wish_drop.value),
        )
        _choice = what_if.choose(view, _wish, _plan)
        _change = what_if.difference(_choice, _published)
        _answer = mo.vstack(
            [
                mo.Html(words.choice_card(_choice, _change, _wish, _plan, address.link(_here))),
                charts.reach_curve(_choice.rows, _published) if _choice.rows else mo.md(""),
            ]
        )
    except VouchError as _error:
        _answer = mo.Html(words.failure(_error))
    what_if_part = mo.vstack(
        [
            mo.hstack([compared_plan, wish_number, wish_budget], justify="start", wrap=True, gap=2),
            wish_goal,
            mo.hstack([wish_keep, wish_drop], justify="start", wrap=True, gap=2),
            mo.Html(words.wishes_note(address.link(_untouched), wish_strange)),
            _answer,
        ]
    )
    return (what_if_part,)


@app.cell(hide_code=True)
def question(mo):
    statement = mo.ui.code_editor("FROM top_partners(10)", language="sql", min_height=90)
    ask = mo.ui.run_button(label="Ask", kind="success", keyboard_shortcut="Ctrl-Enter")
    return ask, statement


@app.cell(hide_code=True)
def sql_section(VouchError, ask, mo, published, reading, statement, tables, words):
    mo.stop(published is None)
    _answer = mo.md("")
    if ask.value:
        try:
            _found = reading.answer(published, statement.value)
            _answer = mo.vstack(
                [
                    mo.Html(words.answered(_found)),
                    mo.ui.table(
                        tables.answer_rows(_found),
                        selection=None,
                        show_column_summaries=False,
                        show_search=False,
                    )
                    if _found.rows
                    else mo.md(""),
                ]
            )
        except VouchError as _error:
            _answer = mo.Html(words.failure(_error))
    sql_part = mo.vstack(
        [
            mo.Html(words.sql_help()),
            statement,
            ask,
            _answer,
            mo.Html(words.macros(reading.answer(published, "FROM help()").rows)),
        ]
    )
    return (sql_part,)


@app.cell(hide_code=True)
def body(candidates_part, mo, section, sql_part, what_if_part):
    {"Candidates": candidates_part, "What if": what_if_part, "Ask in SQL": sql_part}[section.value]
    return


@app.cell(hide_code=True)
def not_on_the_page(mo, published, words):
    mo.stop(published is None or mo.app_meta().mode == "run")
    published_file = published
    mo.Html(words.notebook_note())
    return (published_file,)


@app.cell
def questions_in_sql(mo, published_file):
    macros = mo.sql(
        f"""
        FROM help()
        """,
        engine=published_file,
    )
    return


@app.cell
def own_question(mo, published_file):
    by_status = mo.sql(
        f"""
        FROM ranked_partners SELECT audience, status, count(*) AS candidates GROUP BY ALL ORDER BY ALL
        """,
        engine=published_file,
    )
    return


if __name__ == "__main__":
    app.run()
