"""Turn mock catalogs into what the network reads (section 3.2): order, scaling, split."""

from encluster import files
from encluster.network.inputs import VARIANTS, build_features, write_features
from encluster.running import command_line


def main() -> None:
    """Read the mocks; write the features."""
    parser = command_line.parser(__doc__, inputs=("mocks",))
    parser.add_argument("--variant", choices=list(VARIANTS), default="standard", help="what the network is to read")
    arguments = parser.parse_args()
    mocks, attributes = files.read_h5(arguments.mocks, "mocks")
    settings = arguments.spec["features"]
    features = build_features(
        mocks,
        source=attributes["source"],
        seed=arguments.spec["seed"],
        variant=arguments.variant,
        fractions=settings["fractions"],
        interval=settings["interval"],
    )
    write_features(arguments.output, features)


if __name__ == "__main__":
    command_line.run(main)
