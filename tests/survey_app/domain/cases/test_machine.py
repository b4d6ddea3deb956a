"""Any people, any steps, in any order: what a case can never become (rule-based, hypothesis)."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from survey_app.domain.cases import rules, steps
from survey_app.domain.cases.clocks import Clocks
from survey_app.domain.cases.kinds import KINDS
from survey_app.domain.cases.overdue import own_steps
from survey_app.domain.cases.state import DISTRICT, CaseState, Event, after, day_of, fold
from survey_app.domain.errors import Refusal

START = datetime(2026, 3, 2, 2, tzinfo=UTC)
LAST = datetime(2026, 11, 1, tzinfo=UTC)  # deadlines stay within the years whose holidays are known
ROLES = (steps.CITIZEN, steps.UNIT, steps.HEAD, steps.OFFICE, steps.SYSTEM)
UNITS = ("tax", "water", "noise")
QUIET = {steps.NOTE, steps.CO_UNIT_ADDED, steps.ASKED, steps.WORDS_ADDED, steps.REMINDED, steps.HANDLING_RATED}
QUIET |= {steps.DISPUTED, steps.DISPUTE_RULED, steps.ESCALATED_HEAD, steps.EXTENSION_ASKED, steps.EXTENSION_REFUSED}
CLOCKS = Clocks()
DETAIL = {"days": 5, "level": 3, "ground": "mistaken", "evidence": "照片", "outcome": "solved"}
WAY = (
    (steps.CONTACTED, steps.UNIT),
    (steps.ANSWERED, steps.UNIT),
    (steps.RESPONSIBILITY_STATED, steps.UNIT),
    (steps.VERIFIED, steps.HEAD),
    (steps.RESPONSIBILITY_CONFIRMED, steps.OFFICE),
)

details = st.fixed_dictionaries(
    {
        "unit": st.sampled_from(UNITS),
        "outcome": st.sampled_from(["solved", "cannot"]),
        "evidence": st.sampled_from(["", "照片"]),
        "ground": st.sampled_from(["mistaken", "malicious", "other"]),
        "verdict": st.sampled_from(["kept", "excluded"]),
        "days": st.integers(0, 31),
        "level": st.integers(0, 6),
    }
)


class Casework(RuleBasedStateMachine):
    @initialize(kind=st.sampled_from(sorted(KINDS)), unit=st.sampled_from(["", "tax"]))
    def receive(self, kind, unit):
        self.kind, self.now, self.events = kind, START, []
        self.case = CaseState(kind)
        self.add(steps.RECEIVED, steps.CITIZEN, "code", {})
        if unit:
            self.add(steps.ASSIGNED, steps.SYSTEM, "", {"unit": unit})

    def add(self, step, role, actor, detail):
        event = Event(self.case.version + 1, self.now, actor, role, step, "话", "话", detail)
        self.events.append(event)
        self.case = after(self.case, event)

    def due(self):
        return CLOCKS.due(self.case)

    @rule(
        step=st.sampled_from(sorted(steps.STEP_WORDS)),
        role=st.sampled_from(ROLES),
        actor=st.sampled_from(["anna", "boris"]),
        unit=st.sampled_from(UNITS),
        detail=details,
        words=st.sampled_from(["", "说明"]),
    )
    def somebody_takes_a_step(self, step, role, actor, unit, detail, words):
        wish = rules.Wish(step, actor, role, words, words, detail, unit)
        before, due = self.case, self.due()
        could = step in rules.possible(before, role=role, actor=actor, unit=unit)
        try:
            rules.require(before, wish)
        except Refusal:
            return
        assert could
        assert before.is_open or step in (steps.NOTE, steps.DISPUTE_RULED, steps.HANDLING_RATED)
        self.add(step, role, actor, detail)
        if step in QUIET:
            assert self.due() == due
        while follows := rules.follows(self.case):
            self.add(follows, steps.SYSTEM, "", {})

    @rule(data=st.data(), role=st.sampled_from(ROLES[:4]), actor=st.sampled_from(["anna", "boris"]), detail=details)
    def somebody_takes_a_step_that_is_open_to_them(self, data, role, actor, detail):
        if found := rules.possible(self.case, role=role, actor=actor, unit=self.case.unit):
            step = data.draw(st.sampled_from(found))
            self.somebody_takes_a_step(step, role, actor, self.case.unit, detail | DETAIL, "说明")

    @rule(end=st.sampled_from([steps.SATISFIED, steps.DISSATISFIED, steps.EXTENSION_GRANTED]))
    def it_goes_its_way(self, end):
        for step, role in (*WAY, (end, steps.OFFICE)):
            if step in rules.possible(self.case, role=role, actor=role, unit=self.case.unit):
                self.somebody_takes_a_step(step, role, role, self.case.unit, dict(DETAIL), "说明")

    @precondition(lambda self: self.now < LAST)
    @rule(hours=st.integers(0, 24 * 9))
    def time_passes(self, hours):
        due = self.due()
        self.now += timedelta(hours=hours)
        assert self.due() == due

    @rule()
    def the_clocks_are_looked_at(self):
        for step, _mark in own_steps(self.case, CLOCKS, day_of(self.now)):
            rules.require(self.case, rules.Wish(step, "", steps.SYSTEM))
            self.add(step, steps.SYSTEM, "", {})
        while follows := rules.follows(self.case):
            self.add(follows, steps.SYSTEM, "", {})

    def count(self, step):
        return sum(event.step == step for event in self.events)

    @invariant()
    def what_is_folded_anew_is_the_same(self):
        assert fold(self.kind, self.events) == self.case

    @invariant()
    def closed_means_three_gates_or_the_office_s_reasoned_word_after_two_refusals(self):
        case = self.case
        if case.state != steps.DONE:
            return
        closing = next(event for event in self.events if event.step == steps.CLOSED)
        assert closing.role in (steps.SYSTEM, steps.OFFICE)
        assert case.solved
        assert case.responsible
        assert case.settled or (closing.role == steps.OFFICE and case.refused_twice)

    @invariant()
    def silence_is_never_satisfaction(self):
        said = [event for event in self.events if event.step == steps.SATISFIED]
        assert self.case.satisfied != "yes" or said
        assert all(event.role in (steps.CITIZEN, steps.OFFICE) for event in said)

    @invariant()
    def what_is_allowed_once_happened_once(self):
        for step in (steps.TRANSFERRED, steps.EXTENSION_ASKED, steps.EXTENSION_GRANTED, steps.DISPUTED, steps.CLOSED):
            assert self.count(step) <= 1
        assert self.count(steps.REOPENED) <= 1

    @invariant()
    def a_rating_is_excluded_by_two_people_who_are_not_the_unit(self):
        if self.case.dispute == "excluded":
            ruled = [event for event in self.events if event.step == steps.DISPUTE_RULED]
            assert len({event.actor for event in ruled}) == 2
            assert {event.role for event in ruled} == {steps.OFFICE}

    @invariant()
    def an_open_case_always_has_somebody_s_clock(self):
        assert (self.due() is not None) == self.case.is_open


Casework.TestCase.settings = settings(
    max_examples=40, stateful_step_count=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
TestCasework = Casework.TestCase
INVARIANTS = (
    Casework.closed_means_three_gates_or_the_office_s_reasoned_word_after_two_refusals,
    Casework.silence_is_never_satisfaction,
    Casework.what_is_allowed_once_happened_once,
    Casework.a_rating_is_excluded_by_two_people_who_are_not_the_unit,
    Casework.an_open_case_always_has_somebody_s_clock,
)


def walk(chance):
    """One case through forty things that happen, most of them open to whoever wants to do them."""
    case = Casework()
    case.receive(chance.choice(sorted(KINDS)), chance.choice(["", "tax"]))
    for _ in range(40):
        role, actor = chance.choice(ROLES[:4]), chance.choice(["anna", "boris"])
        found = rules.possible(case.case, role=role, actor=actor, unit=case.case.unit)
        step = chance.choice(found) if found and chance.random() < 0.9 else chance.choice(sorted(steps.STEP_WORDS))
        detail = DETAIL | {"unit": chance.choice(UNITS), "verdict": chance.choice(["kept", "excluded"])}
        case.somebody_takes_a_step(step, role, actor, case.case.unit, detail, "说明")
        if case.now < LAST:
            case.time_passes(chance.randrange(24 * 5))
        if chance.random() < 0.3:
            case.the_clocks_are_looked_at()
        for holds in INVARIANTS:
            holds(case)
    case.what_is_folded_anew_is_the_same()
    return {case.case.state} | {event.step for event in case.events}


def test_eighty_walks_go_everywhere_and_break_nothing():
    chance = random.Random(20261103)
    reached = set().union(*(walk(chance) for _ in range(80)))

    assert set(steps.STEP_WORDS) - reached == set()


@pytest.mark.parametrize("step", sorted(steps.STEP_WORDS))
def test_no_step_but_the_first_can_be_taken_before_a_case_is_received(step):
    for role in ROLES:
        with pytest.raises(Refusal):
            rules.require(CaseState("complaint"), rules.Wish(step, "anna", role, "话", "话", {"unit": "tax"}))


def test_the_district_s_day_begins_at_sixteen_hours_universal_time():
    assert day_of(datetime(2026, 11, 3, 15, 59, tzinfo=UTC)).day == 3
    assert day_of(datetime(2026, 11, 3, 16, tzinfo=UTC)).day == 4
    assert DISTRICT.utcoffset(None) == timedelta(hours=8)
