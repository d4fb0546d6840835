// swift-tools-version: 6.2
// SPDX-License-Identifier: GPL-3.0-or-later
import PackageDescription

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
  name: "keste",
  products: [
    .executable(name: "keste", targets: ["keste"]),
    .executable(name: "keste-check", targets: ["keste-check"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .systemLibrary(name: "CCrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CXLSXWriter", providers: [.apt(["libxlsxwriter-dev"])]),
    .target(name: "CGLPK", linkerSettings: [.linkedLibrary("glpk")]),
    .target(name: "LinearModels"),
    .target(name: "GLPKSolver", dependencies: ["CGLPK", "LinearModels"]),
    .target(name: "Timetabling", exclude: ["Timetabling.md"]),
    .target(name: "University"),
    .target(name: "Synthesis", dependencies: ["University"]),
    .target(name: "Curricula", dependencies: ["University", "Timetabling", "LinearModels"]),
    .target(name: "LoadDistribution", dependencies: ["University", "LinearModels"]),
    .target(name: "Problem", dependencies: ["Timetabling"]),
    .target(name: "LocalSearch", dependencies: ["Problem"]),
    .target(
      name: "Formulation", dependencies: ["Problem", "LinearModels", "Timetabling"],
      exclude: ["Formulation.md"]),
    .target(
      name: "Solving",
      dependencies: ["Timetabling", "Problem", "LocalSearch", "Formulation", "LinearModels"]),
    .target(name: "Explanation", dependencies: ["University", "LinearModels"]),
    .target(
      name: "Validation", dependencies: ["University", "Timetabling"], exclude: ["Rules.md"]),
    .target(name: "Formats", dependencies: ["University", "Timetabling", "CCrypto", yams]),
    .target(name: "Spreadsheets", dependencies: ["CXLSXWriter", "Formats"]),
    .target(
      name: "Reports",
      dependencies: [
        "Curricula", "LoadDistribution", "University", "Timetabling", "Validation", "Spreadsheets",
      ]),
    .target(
      name: "Workflow",
      dependencies: [
        "University", "Timetabling", "LinearModels", "Curricula", "Explanation",
        "LoadDistribution", "Problem", "LocalSearch", "Formulation", "Solving", "Validation",
        "Formats",
      ]),
    .executableTarget(
      name: "keste",
      dependencies: [
        "Curricula", "Explanation", "Formats", "GLPKSolver", "LinearModels", "LoadDistribution",
        "LocalSearch", "Reports", "Solving", "Spreadsheets", "Synthesis", "Timetabling",
        "University", "Validation", "Workflow", argumentParser,
      ]),
    .executableTarget(
      name: "keste-check", dependencies: ["Formats", "Validation", argumentParser]),

    .executableTarget(
      name: "keste-bench",
      dependencies: [
        "Curricula", "Formats", "GLPKSolver", "LinearModels", "LoadDistribution", "University",
        "Validation", argumentParser,
      ], path: "benchmarks/Runner"),

    .target(
      name: "TestSupport", dependencies: ["University", "LinearModels", "Timetabling"],
      path: "Tests/TestSupport"),
    .testTarget(name: "UniversityTests", dependencies: ["University", "TestSupport"]),
    .testTarget(name: "LinearModelsTests", dependencies: ["LinearModels"]),
    .testTarget(
      name: "GLPKSolverTests", dependencies: ["GLPKSolver", "LinearModels", "TestSupport"]),
    .testTarget(
      name: "SynthesisTests",
      dependencies: ["Synthesis", "University", "Formats", "Validation", "TestSupport"]),
    .testTarget(
      name: "CurriculaTests",
      dependencies: [
        "Curricula", "University", "LinearModels", "Formats", "GLPKSolver", "Validation",
        "TestSupport",
      ]),
    .testTarget(
      name: "LoadDistributionTests",
      dependencies: [
        "LoadDistribution", "University", "LinearModels", "Formats", "GLPKSolver", "Validation",
        "TestSupport",
      ]),
    .testTarget(name: "TimetablingTests", dependencies: ["Timetabling", "TestSupport"]),
    .testTarget(
      name: "ProblemTests", dependencies: ["Problem", "Timetabling", "Validation", "TestSupport"]),
    .testTarget(
      name: "LocalSearchTests",
      dependencies: ["LocalSearch", "Problem", "Timetabling", "Validation", "TestSupport"]),
    .testTarget(
      name: "FormulationTests",
      dependencies: [
        "Formulation", "GLPKSolver", "LinearModels", "LocalSearch", "Problem", "Timetabling",
        "Validation", "TestSupport",
      ]),
    .testTarget(
      name: "SolvingTests",
      dependencies: [
        "Solving", "Formulation", "GLPKSolver", "LinearModels", "Problem", "Timetabling",
        "TestSupport",
      ]),
    .testTarget(
      name: "ValidationTests",
      dependencies: [
        "Validation", "University", "Formats", "GLPKSolver", "Synthesis", "Workflow",
        "keste-check", "TestSupport",
      ]),
    .testTarget(
      name: "FormatsTests",
      dependencies: ["Formats", "Timetabling", "University", "Validation", "TestSupport"]),
    .testTarget(name: "SpreadsheetsTests", dependencies: ["Spreadsheets", "TestSupport"]),
    .testTarget(
      name: "ReportsTests",
      dependencies: [
        "Reports", "Curricula", "University", "Validation", "Formats", "LoadDistribution",
        "TestSupport",
      ]),
    .testTarget(
      name: "WorkflowTests",
      dependencies: [
        "Workflow", "Curricula", "Explanation", "Formats", "GLPKSolver", "LinearModels",
        "LoadDistribution", "Problem", "Reports", "Solving", "Synthesis", "University",
        "Validation",
        "TestSupport",
      ]),
    .testTarget(
      name: "AgreementTests",
      dependencies: [
        "Workflow", "Curricula", "Formats", "Formulation", "GLPKSolver", "LinearModels",
        "LoadDistribution", "LocalSearch", "Problem", "Solving", "Synthesis", "Timetabling",
        "University", "Validation", "TestSupport",
      ]),
    .testTarget(
      name: "EndToEndTests",
      dependencies: [
        "keste", "keste-bench", "Formats", "GLPKSolver", "LinearModels", "Synthesis", "University",
        "Validation", "Workflow", "TestSupport",
      ]),
  ],
  swiftLanguageModes: [.v6]
)

// The kernels of the search: their arithmetic is bounded by construction, and the same code is
// tested with all checks in debug builds.
for target in package.targets where ["Problem", "LocalSearch"].contains(target.name) {
  target.swiftSettings = [
    .unsafeFlags(
      [
        "-Ounchecked", "-enforce-exclusivity=unchecked", "-cross-module-optimization",
        "-Xllvm", "-cmo-function-size-limit=2000",
      ],
      .when(configuration: .release))
  ]
}

for target in package.targets where target.type != .system && target.name != "CGLPK" {
  target.swiftSettings =
    (target.swiftSettings ?? []) + [
      .enableUpcomingFeature("ExistentialAny"),
      .enableUpcomingFeature("InternalImportsByDefault"),
      .enableUpcomingFeature("MemberImportVisibility"),
    ]
}
