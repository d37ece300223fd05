export class Kernel {
    boot() {
        const plugins = [
            A,
            B,
            C
        ];
        return plugins;
    }
}
