@Component({
    selector: 'app'
})
class App {}
