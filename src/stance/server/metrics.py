"""Counts of what a server does, in the text format of Prometheus.

Four metrics without a client library: what that has beyond them (registries of a process, pushing,
multi-process files) is not used.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from itertools import accumulate

__all__ = ["CONTENT_TYPE", "Metrics"]

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Upper bounds of the histogram, in seconds."""


class Metrics:
    """Counters of one application; used from its event loop alone.

    Attributes
    ----------
    in_flight : int
        Requests that wait or are worked on.
    texts : int
        Texts and statements labelled.
    """

    def __init__(self) -> None:
        self.in_flight = 0
        self.texts = 0
        self._requests: Counter[tuple[str, int]] = Counter()
        self._buckets: dict[str, list[int]] = {}
        self._seconds: defaultdict[str, float] = defaultdict(float)

    def observe(self, route: str, status: int, seconds: float) -> None:
        """Count a request that was answered.

        Parameters
        ----------
        route : str
            One of the application's own, never what a client sent.
        status : int
        seconds : float
        """
        self._requests[route, status] += 1
        buckets = self._buckets.setdefault(route, [0] * (len(_BOUNDS) + 1))
        buckets[bisect_left(_BOUNDS, seconds)] += 1
        self._seconds[route] += seconds

    def text(self) -> str:
        """Write all of it.

        Returns
        -------
        str

        Examples
        --------
        >>> metrics = Metrics()
        >>> metrics.observe("/v1/predict", 200, 0.004)
        >>> print(metrics.text().splitlines()[2])
        stance_requests_total{route="/v1/predict",status="200"} 1
        """
        lines = _head("stance_requests_total", "counter", "Requests answered.")
        lines += [
            f'stance_requests_total{{route="{route}",status="{status}"}} {n}'
            for (route, status), n in sorted(self._requests.items())
        ]
        name = "stance_request_duration_seconds"
        lines += _head(name, "histogram", "From the head of a request to the end of its answer.")
        for route, buckets in sorted(self._buckets.items()):
            sums = list(accumulate(buckets))
            for bound, n in zip((*map(str, _BOUNDS), "+Inf"), sums, strict=True):
                lines.append(f'{name}_bucket{{route="{route}",le="{bound}"}} {n}')
            lines.append(f'{name}_sum{{route="{route}"}} {self._seconds[route]:.6f}')
            lines.append(f'{name}_count{{route="{route}"}} {sums[-1]}')
        lines += _head("stance_requests_in_flight", "gauge", "Requests that wait or are worked on.")
        lines.append(f"stance_requests_in_flight {self.in_flight}")
        lines += _head("stance_texts_labelled_total", "counter", "Texts and statements labelled.")
        lines.append(f"stance_texts_labelled_total {self.texts}")
        return "\n".join(lines) + "\n"


def _head(name: str, kind: str, about: str) -> list[str]:
    return [f"# HELP {name} {about}", f"# TYPE {name} {kind}"]
