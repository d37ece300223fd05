const services = {
}
