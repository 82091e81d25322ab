"""The server's lanes: turns, estimates, deadlines.  Time is a number that the jobs move on, work waits for the test."""

import asyncio
import threading

import pytest

from stance.server.errors import RequestError
from stance.server.limits import SMALL, Limits
from stance.server.metrics import Metrics
from stance.server.work import Lane, Work

ROUTE = "/v1/read"


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


class Held:
    """A job that goes on until the test lets it end."""

    def __init__(self):
        self.began, self.let_go = threading.Event(), threading.Event()
        self.gave_up = None

    def __call__(self, stopped):
        self.began.set()
        assert self.let_go.wait(20)
        self.gave_up = stopped()
        return "held"


async def worked_on(lane, job, n_bytes=0):
    async with lane.answer(ROUTE, n_bytes, job) as answer:
        return answer


async def held_up(lane, n_bytes=0):
    """Begin a job that takes the thread of a lane."""
    job = Held()
    task = asyncio.create_task(worked_on(lane, job, n_bytes))
    assert await asyncio.to_thread(job.began.wait, 20)
    return job, task


async def refused(lane, job=lambda _: None):
    with pytest.raises(RequestError) as caught:
        await worked_on(lane, job)
    assert caught.value.status == 503
    return caught.value


def lane_of_pace(seconds, **limits):
    """Return a lane, its clock, and a job from which it learns its pace."""
    clock = Clock()

    def job(_):
        clock.now += seconds
        return "done"

    return Lane(Limits(**limits), Metrics(), clock), clock, job


def test_what_would_wait_too_long_is_refused_at_once():
    lane, clock, five_seconds = lane_of_pace(5, wait_seconds=2)

    async def scenario():
        assert await worked_on(lane, five_seconds) == "done"
        held, task = await held_up(lane)
        error = await refused(lane)
        assert (error.code, error.headers) == ("overloaded", {"Retry-After": "5"})
        assert str(error) == "the work before this request will take 5 seconds; try again in 5 seconds"
        clock.now += 2.9
        assert (await refused(lane)).headers == {"Retry-After": "3"}
        clock.now += 0.1  # two seconds are left, and may be waited for
        lane.check_room()
        clock.now += 60  # the estimate was wrong; the turn is timed all the same
        lane.check_room()
        held.let_go.set()
        assert await task == "held"
        lane.check_room()

    asyncio.run(scenario())


def test_estimates_of_those_that_wait_add_up():
    lane, _, one_second = lane_of_pace(1, wait_seconds=2)

    async def scenario():
        await worked_on(lane, one_second)
        held, task = await held_up(lane)
        others = [asyncio.create_task(worked_on(lane, lambda _, i=i: i)) for i in range(2)]
        await asyncio.sleep(0)
        await refused(lane)
        held.let_go.set()
        assert [await other for other in others] == [0, 1]
        await task

    asyncio.run(scenario())


@pytest.mark.parametrize(("n_bytes", "seconds"), [(39_000, "4"), (29_000, "3")])
def test_larger_requests_are_estimated_to_take_longer(n_bytes, seconds):
    lane, _, one_second = lane_of_pace(1, wait_seconds=2)

    async def scenario():
        await worked_on(lane, one_second, 9_000)  # with what each costs: 10,000 bytes a second
        held, task = await held_up(lane, n_bytes)
        assert (await refused(lane)).headers["Retry-After"] == seconds
        held.let_go.set()
        await task

    asyncio.run(scenario())


def test_what_is_wrong_does_not_count_as_fast_work():
    lane, _, five_seconds = lane_of_pace(5, wait_seconds=2)

    def wrong(_):
        raise RequestError(422, "invalid_request", "wrong")

    async def scenario():
        await worked_on(lane, five_seconds)
        for _ in range(20):
            with pytest.raises(RequestError, match="wrong"):
                await worked_on(lane, wrong, 100_000)
        held, task = await held_up(lane)
        await refused(lane)
        held.let_go.set()
        await task

    asyncio.run(scenario())


def test_a_turn_that_comes_too_late_is_refused_without_work():
    lane, done = Lane(Limits(wait_seconds=0.05), Metrics()), []

    async def scenario():
        held, task = await held_up(lane)
        error = await refused(lane, done.append)
        assert (error.code, error.headers["Retry-After"]) == ("overloaded", "1")
        assert str(error) == "its turn did not come within 0.05 seconds; try again in 1 second"
        held.let_go.set()
        await task
        assert await worked_on(lane, lambda _: "next") == "next"

    asyncio.run(scenario())
    assert done == []


def test_first_come_first_served_within_the_places():
    metrics = Metrics()
    lane, order = Lane(Limits(requests=4), metrics), []

    async def scenario():
        held, task = await held_up(lane)
        others = [asyncio.create_task(worked_on(lane, lambda _, i=i: order.append(i))) for i in range(3)]
        await asyncio.sleep(0)
        assert metrics.in_flight == 4
        assert str(await refused(lane)).startswith("4 requests wait or are worked on")
        others[1].cancel()
        await asyncio.wait([others[1]])
        held.let_go.set()
        await asyncio.gather(task, others[0], others[2])
        assert await worked_on(lane, lambda _: "next") == "next"
        await asyncio.sleep(0)
        assert metrics.in_flight == 0

    asyncio.run(scenario())
    assert order == [0, 2]


def test_what_is_given_up_holds_its_place_until_it_ends():
    metrics = Metrics()
    lane = Lane(Limits(requests=1, seconds=0.05, wait_seconds=1), metrics)

    async def scenario():
        held, task = await held_up(lane)
        with pytest.raises(RequestError, match=r"not done within 0\.05 seconds"):
            await task
        assert metrics.in_flight == 1
        assert str(await refused(lane)).startswith("1 requests")
        held.let_go.set()
        while metrics.in_flight:
            await asyncio.sleep(0.001)
        assert held.gave_up
        assert await worked_on(lane, lambda _: "next") == "next"

    asyncio.run(scenario())


def test_small_work_does_not_wait_for_large_work():
    async def scenario():
        work = Work(Limits(wait_seconds=60), Metrics())
        held, task = await held_up(work.lane(ROUTE, str(SMALL[ROUTE] + 1)))
        assert await worked_on(work.lane(ROUTE, str(SMALL[ROUTE])), lambda _: "small") == "small"
        assert not task.done()
        held.let_go.set()
        await task

    asyncio.run(scenario())


@pytest.mark.parametrize("length", ["", "x", "-1", "²", "9" * 5_000])
def test_bodies_of_unknown_length_are_large(length):
    work = Work(Limits(), Metrics())
    assert work.lane(ROUTE, length) is work.lane(ROUTE, "1000000")
    assert work.lane(ROUTE, length) is not work.lane(ROUTE, "1000")
