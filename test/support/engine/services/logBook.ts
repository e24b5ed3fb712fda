import type { Logger } from 'n8n-workflow';

export interface LogLine {
	level: 'error' | 'warn' | 'info' | 'debug';
	message: string;
	metadata: unknown;
}

/** Keeps what n8n and the nodes log, and prints nothing. */
export class LogBook implements Logger {
	readonly lines: LogLine[] = [];

	readonly error = this.writer('error');
	readonly warn = this.writer('warn');
	readonly info = this.writer('info');
	readonly debug = this.writer('debug');

	/** n8n's services each ask for a logger of their own. */
	scoped(): this {
		return this;
	}

	private writer(level: LogLine['level']) {
		return (message: string, metadata?: unknown) => {
			this.lines.push({ level, message, metadata });
		};
	}
}
