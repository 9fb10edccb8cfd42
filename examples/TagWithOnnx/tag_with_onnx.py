import sys

import numpy
import onnxruntime


class OnnxTagger:
    """A tagger from its ONNX file alone."""

    def __init__(self, path):
        self.session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        self.metadata = self.session.get_modelmeta().custom_metadata_map
        if self.metadata.get("format") != "LdNetGpu.Tagger":
            raise ValueError(f"{path}: is no tagger that 'ldnet export onnx' wrote.")
        names = ["words", "characters", "forward_words", "backward_words"]
        self.ids = {name: {text: i for i, text in enumerate(self.metadata[name].split("\n"))}
                    for name in names if name in self.metadata}
        # The last two are the CRF's start and end, which mark nothing.
        self.tags = self.metadata["tags"].split("\n")[:-2] + ["O", "O"]

    def tag(self, sentences):
        """IOB2 tags, one a word; sentences are lists of words, of one at least."""
        characters = [[self.characters(word) for word in words] for words in sentences]
        ends = [numpy.cumsum([len(word) for word in words]) for words in characters]
        inputs = {
            "words": [[self.word_id(word) for word in words] for words in sentences],
            "characters": [[i for word in words for i in word] for words in characters],
            "word_starts": [[0, *row[:-1]] for row in ends],
            "word_ends": [row - 1 for row in ends],
        }
        for name in ("forward_words", "backward_words"):
            if name in self.ids:
                inputs[name] = [[self.id(name, word) for word in words] for words in sentences]
        best, = self.session.run(["tags"], {name: rows(value) for name, value in inputs.items()})
        return [iob2([self.tags[i] for i in row[:len(words)]]) for row, words in zip(best, sentences)]

    def id(self, vocabulary, text):
        return self.ids[vocabulary].get(text, self.ids[vocabulary]["<unk>"])

    def word_id(self, word):
        if self.metadata["lowercase"] == "false" and word in self.ids["words"]:
            return self.ids["words"][word]
        # Character by character, as the tagger's vocabulary was made.
        return self.id("words", "".join(c.lower() if len(c.lower()) == 1 else c for c in word))

    def characters(self, word):
        """A word's characters and a space; of a word of more than 200 the first and the last 100."""
        if len(word) > 200:
            word = word[:100] + word[-100:]
        return [self.id("characters", c) for c in word + " "]


def rows(sentences):
    """A sentence a row, -1 behind its end."""
    padded = numpy.full((len(sentences), max(map(len, sentences))), -1, numpy.int64)
    for row, ids in zip(padded, sentences):
        row[:len(ids)] = ids
    return padded


def iob2(tags):
    """The model's tags may be IOBES: S- begins a span, E- ends one."""
    spelled, before = [], "O"
    for tag in tags:
        begins = tag[0] in "BS" or before[0] in "OES" or before[1:] != tag[1:]
        spelled.append(tag if tag == "O" else ("B" if begins else "I") + tag[1:])
        before = tag
    return spelled


if __name__ == "__main__":
    tagger = OnnxTagger(sys.argv[1])
    for line in sys.stdin:
        if words := line.split():
            print(*(f"{word}\t{tag}" for word, tag in zip(words, tagger.tag([words])[0])), "", sep="\n")
