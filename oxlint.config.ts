import { defineConfig } from 'oxlint'

const stages = ['align', 'examine', 'accounts', 'redact', 'publish', 'verify']
const shell = [
  'client',
  'media',
  'access',
  'store',
  'egress',
  'ingest',
  'jobs',
  'queue',
  'server',
  'cli',
  'page',
  'desk',
  'observe',
]

/** What a stage may not import: the other stages, the shell, and Node itself. */
const stageRules = stages.map((stage) => ({
  files: [`src/${stage}/**/*.ts`],
  excludeFiles: ['**/*.test.ts'],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: stages.filter((other) => other !== stage).map((other) => `../${other}/**`),
            message: 'Stages do not import each other; jobs, server and cli put them together.',
          },
          {
            group: [...shell.map((folder) => `../${folder}/**`), 'node:*'],
            message: 'A stage is pure: it reads no disk, clock, network or document.',
          },
          ...(stage === 'verify'
            ? [
                {
                  regex: '^[^.]|^[.][.]',
                  message: 'verify/ has no dependency at all, so that outsiders can read it whole.',
                },
              ]
            : []),
        ],
      },
    ],
  },
}))

export default defineConfig({
  // Bundles with defects on purpose, hostile file names among them; AssemblyScript, which its own compiler checks.
  ignorePatterns: ['test/vectors/**', 'src/*/kernels/source/**'],
  plugins: ['typescript', 'unicorn', 'oxc', 'import'],
  categories: { correctness: 'error', suspicious: 'error', perf: 'error' },
  rules: {
    'import/no-cycle': 'error',
    'typescript/no-floating-promises': [
      'error',
      {
        allowForKnownSafeCalls: [
          {
            from: 'package',
            name: ['test', 'it', 'describe', 'suite', 'before', 'after'],
            package: 'node:test',
          },
        ],
      },
    ],
    'typescript/no-misused-promises': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/switch-exhaustiveness-check': [
      'error',
      { considerDefaultExhaustiveForUnions: true },
    ],
    // One process, one disk: most loops here wait on purpose, in order.
    'no-await-in-loop': 'off',
    // Kysely, hono and node's streams use these forms.
    'unicorn/no-array-sort': 'off',
    'unicorn/no-array-reverse': 'off',
    'unicorn/consistent-function-scoping': 'off',
    'import/no-unassigned-import': 'off',
    'import/no-named-as-default': 'off',
    'import/no-named-as-default-member': 'off',
    'no-underscore-dangle': 'off',
    'no-shadow': 'off',
    'no-map-spread': 'off',
    'typescript/no-unsafe-type-assertion': 'off',
    // tsc's noImplicitReturns knows exhaustive switches; this rule does not.
    'typescript/consistent-return': 'off',
  },
  overrides: [
    ...stageRules,
    {
      files: ['src/time/**/*.ts', 'src/case/**/*.ts', 'src/custody/**/*.ts'],
      excludeFiles: ['**/*.test.ts'],
      rules: {
        'no-restricted-imports': [
          'error',
          {
            patterns: [
              {
                group: [...stages, ...shell].map((folder) => `../${folder}/**`).concat('node:*'),
                message: 'time, case and custody lie under everything and import none of it.',
              },
            ],
          },
        ],
      },
    },
    {
      files: ['src/{ingest,store,jobs,queue,server,cli}/**/*.ts'],
      excludeFiles: ['**/*.test.ts'],
      rules: {
        'no-restricted-imports': [
          'error',
          {
            paths: [
              {
                name: 'node:child_process',
                message: 'Only media/ (and the lock in store/, and egress/) starts programs.',
              },
            ],
          },
        ],
      },
    },
  ],
})
