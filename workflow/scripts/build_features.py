"""Turn mock catalogues into what the network reads (section 3.2): order, scaling, split."""

from encluster import command, storage
from encluster.features import build_features, write_features


def main() -> None:
    """Read the mocks; write the features."""
    arguments = command.parser(__doc__, inputs=("mocks",)).parse_args()
    mocks, attributes = storage.read_h5(arguments.mocks, "mocks")
    settings = arguments.spec["features"]
    features = build_features(
        mocks,
        source=attributes["source"],
        seed=arguments.spec["seed"],
        fractions=tuple(settings["fractions"]),
        interval=tuple(settings["interval"]),
    )
    write_features(arguments.output, features)


if __name__ == "__main__":
    command.run(main)
