import type { Logger } from 'n8n-workflow';

export interface LogLine {
	level: 'error' | 'warn' | 'info' | 'debug';
	message: string;
	metadata: unknown;
}

/** Keeps what n8n and the nodes log, without printing it. */
export class LogBook implements Logger {
	readonly lines: LogLine[] = [];

	readonly error = this.writer('error');
	readonly warn = this.writer('warn');
	readonly info = this.writer('info');
	readonly debug = this.writer('debug');

	/** Each of n8n's services asks for its own logger. */
	scoped(): this {
		return this;
	}

	private writer(level: LogLine['level']) {
		return (message: string, metadata?: unknown) => {
			this.lines.push({ level, message, metadata });
		};
	}
}
