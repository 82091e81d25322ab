"""A classifier of the size of BERT base, with random weights, as the last rival of the speed benchmark."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from zlib import crc32

N_TOKENS = 64
N_BATCH = 32
N_VOCABULARY = 30_000


def bert_sized(n_labels: int) -> Callable[[list[str]], object]:
    """Return what labels texts: 12 layers of 768 units with 12 heads, on one thread.

    Words are its tokens, at most 62 with a mark at either end.  A real one cuts words into pieces,
    of which there are more.  Padding is skipped by torch's own fast path.
    """
    import torch  # noqa: PLC0415  # the other parts run without it
    from torch import nn  # noqa: PLC0415  # see above

    torch.set_num_threads(1)
    torch.manual_seed(0)
    layer = nn.TransformerEncoderLayer(768, 12, 3072, activation="gelu", batch_first=True)
    words, places = nn.Embedding(N_VOCABULARY, 768), nn.Embedding(N_TOKENS, 768)
    norm, out = nn.LayerNorm(768), nn.Linear(768, n_labels)
    encoder = nn.TransformerEncoder(layer, 12, enable_nested_tensor=True)
    for part in (words, places, norm, encoder, out):
        part.eval()

    def batch(texts: list[str]) -> object:
        ids = [[crc32(w.encode()) % (N_VOCABULARY - 3) + 3 for w in t.split()[: N_TOKENS - 2]] for t in texts]
        longest = max(map(len, ids)) + 2
        padded = torch.tensor([[1, *row, 2, *[0] * (longest - len(row) - 2)] for row in ids])
        hidden = norm(words(padded) + places(torch.arange(longest)))
        return torch.sigmoid(out(encoder(hidden, src_key_padding_mask=padded == 0)[:, 0])).tolist()

    def predict(texts: list[str]) -> object:
        with torch.inference_mode(), warnings.catch_warnings():
            warnings.filterwarnings("ignore", "The PyTorch API of nested tensors")  # twice as fast as without
            return [batch(texts[i : i + N_BATCH]) for i in range(0, len(texts), N_BATCH)]

    return predict
