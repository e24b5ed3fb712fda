import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

const HEADER_BYTES = 12;
/** Flags of an authoritative response without an error. */
const FLAGS = 0x8400;
const NAME_ERROR = 3;
const TYPE_A = 1;

/** A DNS server on loopback, for names that change their address. */
export class NameServer {
	private readonly addresses = new Map<string, string[]>();

	private constructor(
		private readonly socket: Socket,
		readonly port: number,
	) {
		socket.on('message', (query, { port, address }) => {
			socket.send(this.responseTo(query), port, address);
		});
	}

	static async start(): Promise<NameServer> {
		const socket = createSocket('udp4').bind(0, '127.0.0.1');
		await once(socket, 'listening');
		return new NameServer(socket, socket.address().port);
	}

	/** One address per query, and the last one for all further queries. */
	set(name: string, ...addresses: string[]): void {
		this.addresses.set(name, addresses);
	}

	async stop(): Promise<void> {
		await new Promise<void>((resolve) => this.socket.close(resolve));
	}

	private responseTo(query: Buffer): Buffer {
		const { name, end } = questionOf(query);
		const known = this.addresses.get(name);
		const isForA = query.readUInt16BE(end - 4) === TYPE_A;
		const address = isForA && known ? (known.length > 1 ? known.shift() : known[0]) : undefined;
		const header = Buffer.alloc(HEADER_BYTES);
		query.copy(header, 0, 0, 2);
		header.writeUInt16BE(known ? FLAGS : FLAGS | NAME_ERROR, 2);
		header.writeUInt16BE(1, 4);
		header.writeUInt16BE(address ? 1 : 0, 6);
		const question = query.subarray(HEADER_BYTES, end);
		return Buffer.concat([header, question, ...(address ? [recordOf(address)] : [])]);
	}
}

/** The name, and where the question ends, after its type and class. */
function questionOf(query: Buffer): { name: string; end: number } {
	const labels: string[] = [];
	let at = HEADER_BYTES;
	for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
		labels.push(query.toString('latin1', at + 1, at + 1 + length));
		at += 1 + length;
	}
	return { name: labels.join('.').toLowerCase(), end: at + 1 + 4 };
}

/** An A record for the question's name, which must not be cached. */
function recordOf(address: string): Buffer {
	const record = Buffer.from([0xc0, HEADER_BYTES, 0, TYPE_A, 0, 1, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0]);
	record.set(address.split('.').map(Number), 12);
	return record;
}
