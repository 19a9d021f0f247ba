import type { SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { ConversationTable } from '../../ports/files.ts';

const text = { type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL', converted_type: 'UTF8', logical_type: { type: 'STRING' } } as const;

/** `messages: list<element: struct<role: string, content: string>>`, in the three levels that the format asks for and every reader knows. */
const schema: SchemaElement[] = [
  { name: 'root', repetition_type: 'REQUIRED', num_children: 1 },
  { name: 'messages', repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST', logical_type: { type: 'LIST' } },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  { name: 'element', repetition_type: 'OPTIONAL', num_children: 2 },
  { name: 'role', ...text },
  { name: 'content', ...text },
];

/** A Parquet file of conversations, compressed with Snappy, which every reader has. */
export class ParquetConversations implements ConversationTable {
  readonly #bytes = new ByteWriter();
  readonly #writer = new ParquetWriter({ writer: this.#bytes, schema });

  rows(conversations: Parameters<ConversationTable['rows']>[0]): Uint8Array {
    void this.#writer.write({ columnData: [{ name: 'messages', data: conversations.map(messages => messages.map(({ role, content }) => ({ role, content }))) }], rowGroupSize: conversations.length });
    return this.#taken();
  }

  end(): Uint8Array {
    void this.#writer.finish();
    return this.#taken();
  }

  /** What was written since the last time; the writer goes on counting from there. */
  #taken(): Uint8Array {
    const bytes = this.#bytes.getBytes().slice();
    this.#bytes.index = 0;
    return bytes;
  }
}
