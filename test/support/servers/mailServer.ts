import type { AddressInfo } from 'node:net';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer } from 'smtp-server';

/** A mail server that keeps its mails in the order in which they arrive. */
export class MailServer {
	readonly mails: ParsedMail[] = [];

	private constructor(private readonly server: SMTPServer) {}

	/** @param onMail called for each mail that arrives */
	static async start(onMail: (mail: ParsedMail) => unknown = () => {}): Promise<MailServer> {
		const server = new SMTPServer({
			authOptional: true,
			disabledCommands: ['STARTTLS'],
			onData: (stream, _session, done) => {
				simpleParser(stream)
					.then(async (mail) => {
						mailServer.mails.push(mail);
						await onMail(mail);
					})
					.then(
						() => done(),
						(error: Error) => done(error),
					);
			},
		});
		const mailServer = new MailServer(server);
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		return mailServer;
	}

	get port(): number {
		return (this.server.server.address() as AddressInfo).port;
	}

	/** The mails to an address. */
	to(address: string): ParsedMail[] {
		return this.mails.filter(({ to }) => [to].flat().some((field) => field?.text === address));
	}

	async close(): Promise<void> {
		await new Promise<void>((resolve) => this.server.close(resolve));
	}
}
