-- How many TensorFlow downloads come with each PyTorch download, year by year?
-- A ratio of two packages of one list survives most changes of counting; machines download far more than people.
select
    year(period_start) as year,
    population,
    count(*) as months,
    round(avg(a_value)) as pytorch_downloads_per_day,
    round(avg(b_value)) as tensorflow_downloads_per_day,
    round(sum(b_value) / sum(a_value), 2) as tensorflow_per_pytorch
from marts.head_to_head
where source = 'pypi_downloads' and framework_a = 'pytorch' and framework_b = 'tensorflow'
group by year, population
order by year, population desc
