"""Turn mock catalogs into what the network reads (section 3.2): order, scaling, split."""

from encluster.catalogs import ClusterCatalogs
from encluster.network.inputs import VARIANTS, build_features
from encluster.running import command_line


def main() -> None:
    """Read the mocks; write the features."""
    parser = command_line.parser(__doc__, inputs=("mocks",))
    parser.add_argument("--variant", choices=list(VARIANTS), default="standard", help="what the network is to read")
    arguments = parser.parse_args()
    settings = arguments.spec["features"]
    features = build_features(
        ClusterCatalogs.read(arguments.mocks, "mocks"),
        seed=arguments.spec["seed"],
        variant=arguments.variant,
        fractions=settings["fractions"],
        interval=settings["interval"],
    )
    features.write(arguments.output)


if __name__ == "__main__":
    command_line.run(main)
