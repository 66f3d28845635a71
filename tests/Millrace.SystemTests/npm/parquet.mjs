// Prints the rows of a Parquet file as Apache Arrow's reader in Rust sees them, and as hyparquet does: { "arrow": { "schema", "rows" }, "hyparquet": { "rows" } }.
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { tableFromIPC } from 'apache-arrow'
import { parquetReadObjects } from 'hyparquet'
import { readParquet } from 'parquet-wasm'

const bytes = readFileSync(process.argv[2])
const table = tableFromIPC(readParquet(new Uint8Array(bytes)).intoIPCStream())
const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)
const hyparquet = await parquetReadObjects({ file, compressors: { GZIP: (page) => new Uint8Array(gunzipSync(page)) } })
const plain = (_, value) => (typeof value === 'bigint' ? Number(value) : value)
console.log(JSON.stringify({
  arrow: { schema: table.schema.fields.map((field) => `${field.name} ${field.type}`), rows: table.toArray().map((row) => row.toJSON()) },
  hyparquet: { rows: hyparquet },
}, plain))
