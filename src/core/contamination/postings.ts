/** Which members of a collection have which features: for each feature, a hash of 32 bits, the numbers of its members. 16 bytes for each, in typed arrays. */
export class Postings {
  #features = new Uint32Array(1 << 10);
  #members = new Uint32Array(1 << 10);
  #count = 0;
  /** Where the entries of each bucket begin, with the end of the last; empty while it is being filled. */
  #starts = new Uint32Array(0);

  /** Only before `build`. */
  add(feature: number, member: number): void {
    if (this.#count === this.#features.length) [this.#features, this.#members] = [doubled(this.#features), doubled(this.#members)];
    this.#features[this.#count] = feature;
    this.#members[this.#count] = member;
    this.#count += 1;
  }

  /** Orders what was added, a part at each step. */
  *build(): Generator<void, void> {
    const buckets = 1 << Math.max(4, Math.ceil(Math.log2(this.#count + 1)));
    const bucketOf = (entry: number) => (this.#features[entry] ?? 0) & (buckets - 1);
    // each bucket's count is put where the next one begins, and becomes that place as they are added up
    const starts = new Uint32Array(buckets + 1);
    for (let entry = 0; entry < this.#count; entry += 1) {
      add(starts, bucketOf(entry) + 1, 1);
      if (entry % entriesPerStep === 0) yield;
    }
    for (let bucket = 0; bucket < buckets; bucket += 1) {
      add(starts, bucket + 1, starts[bucket] ?? 0);
      if (bucket % entriesPerStep === 0) yield;
    }
    const [next, features, members] = [starts.slice(), new Uint32Array(this.#count), new Uint32Array(this.#count)];
    for (let entry = 0; entry < this.#count; entry += 1) {
      const place = add(next, bucketOf(entry), 1) - 1;
      features[place] = this.#features[entry] ?? 0;
      members[place] = this.#members[entry] ?? 0;
      if (entry % entriesPerStep === 0) yield;
    }
    [this.#features, this.#members, this.#starts] = [features, members, starts];
  }

  /**
   * Visits the members that have a feature, in the order in which they were added, unless there are more than `most`. Very few features share a bucket with one that has
   * so many, and are passed over with it. Only after `build`.
   */
  visit(feature: number, most: number, each: (member: number) => void): void {
    const bucket = feature & (this.#starts.length - 2);
    const [from, to] = [this.#starts[bucket] ?? 0, this.#starts[bucket + 1] ?? 0];
    if (to - from > most) return;
    for (let entry = from; entry < to; entry += 1) if (this.#features[entry] === feature) each(this.#members[entry] ?? 0);
  }
}

/** Entries that are ordered between two looks at the clock: a millisecond or less. */
const entriesPerStep = 20_000;

function doubled(numbers: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(2 * numbers.length);
  larger.set(numbers);
  return larger;
}

function add(numbers: Uint32Array, place: number, more: number): number {
  const sum = (numbers[place] ?? 0) + more;
  numbers[place] = sum;
  return sum;
}
