// Strict scalars: an unmapped custom scalar fails the run instead of becoming `any`.
import type { CodegenConfig } from '@graphql-codegen/cli'

const config: CodegenConfig = {
  schema: '../../../schema.graphql',
  documents: ['operations.ts'],
  generates: {
    './generated/': {
      preset: 'client',
      config: {
        strictScalars: true,
        useTypeImports: true,
        enumsAsTypes: true,
        scalars: {
          DateTime: 'string',
          Cursor: 'string',
          BigInt: 'string',
          EmailAddress: 'string',
          PhoneNumber: 'string',
          Base64: 'string',
          URL: 'string',
        },
      },
    },
  },
}
export default config
